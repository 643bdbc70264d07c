using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Features.Timeline;
using CooperationApi.Resources;

namespace CooperationApi.Tests.Resources;

/// <summary>Tests of declarations that must be complete over all resources.</summary>
[Collection(nameof(SharedApi))]
public sealed class ResourceDefinitionTests(ApiFixture api)
{
    [Fact]
    public void Timeline_has_the_changes_of_provinces_and_the_records_that_describe_events() => Assert.Equal(TimelineSource.Types,
        api.Catalog.All.Where(resource => resource.DescribesEvent).Select(resource => resource.Type).Append("provinces")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_text_of_a_record_is_searched_or_listed_as_not_searched()
    {
        string[] excluded =
        [
            "Currency", "Fulfils", "Language", "Locator", "PartOf", "ProbablySameAs", "ReportedAt", "Sha256", "Supports", "Type", "Url",
            // These contain only ids, types and numbers.
            "About", "DeclaredGroups", "Subject",
        ];
        var members = api.Catalog.All.SelectMany(resource => FindMembers(resource.RecordType)).Distinct()
            .Where(name => !name.EndsWith("Id", StringComparison.Ordinal) && !name.EndsWith("Ids", StringComparison.Ordinal));
        Assert.Equal(
            excluded.Concat(SearchDocumentBuilder.NameMembers).Concat(SearchDocumentBuilder.TextMembers).Order(StringComparer.Ordinal),
            members.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_member_with_ids_is_a_declared_reference()
    {
        foreach (var resource in api.Catalog.All)
        {
            var idMembers = FindMemberPaths(resource.RecordType)
                .Where(path => path.TrimEnd('[', ']').EndsWith("Id", StringComparison.Ordinal)
                    || path.TrimEnd('[', ']').EndsWith("Ids", StringComparison.Ordinal));
            Assert.Empty(idMembers.Except(resource.References.Select(reference => reference.Member)));
        }
    }

    private static IEnumerable<string> FindMemberPaths(Type type) => type.GetProperties().SelectMany(member =>
    {
        var path = JsonNamingPolicy.CamelCase.ConvertName(member.Name) + (member.PropertyType.IsGenericType ? "[]" : "");
        return GetItemType(member.PropertyType) is var itemType && itemType is { IsEnum: false, IsValueType: false }
            && itemType.Assembly == typeof(Citation).Assembly
            ? FindMemberPaths(itemType).Select(inner => $"{path}.{inner}")
            : [path];
    });

    // Numbers, dates and enums are value types.
    private static IEnumerable<string> FindMembers(Type type) => type.GetProperties().Where(member => !member.PropertyType.IsValueType)
        .SelectMany(member => GetItemType(member.PropertyType) is var itemType && itemType.Assembly == typeof(Citation).Assembly
            ? FindMembers(itemType).Append(member.Name)
            : [member.Name]);

    private static Type GetItemType(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type;
}
