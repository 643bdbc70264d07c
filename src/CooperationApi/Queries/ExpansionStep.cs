using System.Text.Json;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Queries;

/// <summary>
/// A step from records to related records: along a member that refers to them (`participants.official`, `provinces`), or to a nested list
/// (`agreements`). The related records are added under the name of the step.
/// </summary>
internal sealed record ExpansionStep(string Name, string Type)
{
    /// <summary>The member that refers to the related records: `participants[].officialId`; null for a nested list.</summary>
    public string? Member { get; init; }

    /// <summary>The members of the listed records that refer to the owner; null for a step along a member.</summary>
    public IReadOnlyList<string>? ReferencingMembers { get; init; }

    /// <summary>Returns the steps from a resource. A member of the record is never a step: `giver` is the giver as text.</summary>
    public static IReadOnlyList<ExpansionStep> FromResource(Resource resource) =>
    [
        .. resource.References.Append(new("citations[].sourceId", "sources")).Where(definition => resource.Catalog.Find(definition.ToType ?? "") is not null && definition.Member.TrimEnd('[', ']') is var member
                && (member.EndsWith("Id", StringComparison.Ordinal) || member.EndsWith("Ids", StringComparison.Ordinal)))
            .Select(definition => new ExpansionStep(ToStepName(definition.Member), definition.ToType!) { Member = definition.Member })
            .Where(step => !resource.Members.Contains(step.Name) && resource.Members.Contains(step.Member!.Split('[', '.')[0])),
        .. resource.Catalog.All.SelectMany(childResource => childResource.NestedLists.Where(nestedList => nestedList.ParentType == resource.Type).Select(nestedList =>
            new ExpansionStep(JsonNamingPolicy.CamelCase.ConvertName(OperationDescription.ToPascalCase(childResource.Type)), childResource.Type)
            {
                ReferencingMembers = ((IdFilter)childResource.Filters.Single(filter => filter.Name == nestedList.FilterName)).ReferencingMembers,
            })),
    ];

    /// <summary>Converts `participants[].officialId` to `participants.official`, and `provinceIds[]` to `provinces`.</summary>
    private static string ToStepName(string member)
    {
        var name = member.Replace("[]", "", StringComparison.Ordinal);
        return name.EndsWith("Ids", StringComparison.Ordinal) ? name[..^3] + "s" : name[..^2];
    }
}
