using System.Text.Json;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Queries;

/// <summary>
/// One step from records to others: by a member that names them (`participants.official`, `provinces`), or to a list that stands under them
/// (`agreements`). What is found stands in the records under that name.
/// </summary>
internal sealed record ExpansionStep(string Name, string Type)
{
    /// <summary>The member that names the records, if one does: `participants[].officialId`.</summary>
    public string? Member { get; init; }

    /// <summary>The members of the listed records that name these; null of a step by a member.</summary>
    public IReadOnlyList<string>? ReferencingMembers { get; init; }

    /// <summary>The steps from a resource's records. A name that the record has already is none: `giver` is the giver in words.</summary>
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

    /// <summary>`participants[].officialId` as `participants.official`, `provinceIds[]` as `provinces`.</summary>
    private static string ToStepName(string member)
    {
        var name = member.Replace("[]", "", StringComparison.Ordinal);
        return name.EndsWith("Ids", StringComparison.Ordinal) ? name[..^3] + "s" : name[..^2];
    }
}
