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
            "AgreementId", "CommitmentId", "GiverId", "GroupIds", "Id", "MeetingId", "OfficialId", "OrganizationId", "ParentId",
            "ProbablySameAs",
            "ProvinceId", "ProvinceIds", "ReceiverId", "SourceId", "Supports",
            "Currency", "IsoCode", "Language", "Locator", "Sha256", "Type", "Url",
            // These contain only ids, types and numbers.
            "About", "DeclaredGroups", "Subject",
        ];
        var members = api.Catalog.All.SelectMany(resource => FindMembers(resource.RecordType)).Distinct();
        Assert.Equal(
            excluded.Concat(SearchDocumentBuilder.NameMembers).Concat(SearchDocumentBuilder.TextMembers).Order(StringComparer.Ordinal),
            members.Order(StringComparer.Ordinal));
    }

    // Numbers, dates and enums are value types.
    private static IEnumerable<string> FindMembers(Type type) => type.GetProperties().Where(member => !member.PropertyType.IsValueType)
        .SelectMany(member => GetItemType(member.PropertyType) is var itemType && itemType.Assembly == typeof(Citation).Assembly
            ? FindMembers(itemType).Append(member.Name)
            : [member.Name]);

    private static Type GetItemType(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type;
}
