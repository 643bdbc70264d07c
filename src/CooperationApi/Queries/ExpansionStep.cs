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

    /// <summary>True for the step from citations to their sources, which adds the link of each citation too.</summary>
    public bool AddsLinks => Member == "citations[].sourceId";

    /// <summary>The members of the listed records that refer to the owner; null for a step along a member.</summary>
    public IReadOnlyList<string>? ReferencingMembers { get; init; }

    /// <summary>Returns the steps from a resource.</summary>
    public static IReadOnlyList<ExpansionStep> FromResource(Resource resource) =>
    [
        .. resource.References.Where(definition => definition.ExpansionName is not null)
            .Select(definition => new ExpansionStep(definition.ExpansionName!, definition.ToType!) { Member = definition.Member }),
        .. resource.Catalog.All.SelectMany(
            childResource => childResource.NestedLists.Where(nestedList => nestedList.ParentType == resource.Type).Select(nestedList =>
            new ExpansionStep(JsonNamingPolicy.CamelCase.ConvertName(OperationDescription.ToPascalCase(childResource.Type)),
                childResource.Type)
            {
                ReferencingMembers =
                    ((IdFilter)childResource.Filters.Single(filter => filter.Name == nestedList.FilterName)).ReferencingMembers,
            })),
    ];
}
