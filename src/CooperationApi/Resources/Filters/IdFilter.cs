using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>
/// A filter by one or more ids: of the list's own records, or of the records of another type, or of several types (`officials|provinces`),
/// to which they refer.
/// </summary>
internal sealed record IdFilter(string Name, string Description, string Example, SqlCondition SqlCondition, string? ReferencedType = null)
    : MultiValueFilter(Name, Description, Example, SqlCondition)
{
    /// <summary>The members that refer to the records; empty for any member.</summary>
    public IReadOnlyList<string> ReferencingMembers { get; init; } = [];

    protected override int MaxValues => 200;

    protected override OpenApiSchema ValueSchema => new()
    {
        Type = JsonSchemaType.String,
        Pattern = Patterns.Slug,
        MinLength = 1,
        MaxLength = Limits.MaxSlugLength,
    };

    protected override RequestError? FindError(string value) => Slug.IsSlug(value) ? null
        : new("invalid_id", value) { Suggestion = Slug.FromText(value) };

    protected override AppliedFilter WithRequiredRecords(AppliedFilter filter) =>
        ReferencedType is null
            ? filter
            : filter with { RequiredRecords = new(this, ReferencedType, filter.Texts) };
}
