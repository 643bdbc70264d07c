using CooperationApi.Http.Problems;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by one or more values of a pattern and length, such as codes and currencies.</summary>
internal sealed record PatternFilter(string Name, string Description, string Example, SqlCondition SqlCondition, string Pattern, int Length)
    : MultiValueFilter(Name, Description, Example, SqlCondition)
{
    protected override OpenApiSchema ValueSchema =>
        new() { Type = JsonSchemaType.String, Pattern = Pattern, MinLength = Length, MaxLength = Length };

    protected override RequestError? FindError(string value) =>
        value.Length == Length && AnchoredPattern.Compile(Pattern).IsMatch(value) ? null : new("pattern_mismatch", value, Example);
}
