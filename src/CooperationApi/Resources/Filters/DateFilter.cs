using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>
/// A filter by the first or last date of a range. A date known to the month or year matches if any of its days is in the range. A date
/// without a year never matches.
/// </summary>
internal sealed record DateFilter(string Name, string Description, string Example, SqlCondition SqlCondition, bool IsEnd)
    : ListFilter(Name, Description, Example)
{
    public const string Pattern = "^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Pattern, MinLength = 4, MaxLength = 10 };

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        if (PartialDate.TryParse(text, out var date) && (IsEnd ? date.LastDay : date.FirstDay) is { } day)
            return new(SqlCondition, Name, day.ToIso());
        errors.Add(RequestError.InvalidDate("invalid_partial_date", text) with { Parameter = Name });
        return null;
    }
}
