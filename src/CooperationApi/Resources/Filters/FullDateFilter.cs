using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by one day, with which the condition compares the dates of a row.</summary>
internal sealed record FullDateFilter(string Name, string Description, string Example, SqlCondition SqlCondition)
    : ListFilter(Name, Description, Example)
{
    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Format = "date", MinLength = 10, MaxLength = 10 };

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new(SqlCondition, Name, day.ToIso());
        errors.Add(RequestError.InvalidDate("invalid_date", text) with { Parameter = Name });
        return null;
    }
}
