using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Search;

/// <summary>The `q` parameter: the search text.</summary>
internal sealed record SearchTextParameter()
    : QueryParameter("q", $"Search text: words, and phrases in quotes. At most {MaxLength} characters and {MaxTerms} words or phrases.",
        ExampleText)
{
    /// <summary>An example with matches in the seed data.</summary>
    public const string ExampleText = "an sinh xã hội";

    private const int MaxLength = 200, MaxTerms = 20;

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = MaxLength, Pattern = "." };

    public override bool IsRequired => true;

    /// <summary>Returns the terms of the search text; null if it is missing or too long.</summary>
    public SearchTerms? Read(QueryValues values)
    {
        var text = values[Name];
        if (text is null && !values.Errors.Any(error => error.Parameter == Name))
            values.Errors.Add(new("parameter_missing") { Parameter = Name });
        if (text?.Length > MaxLength)
            values.Errors.Add(new("too_long", text.Length, MaxLength) { Parameter = Name });
        if (text is null || text.Length > MaxLength)
            return null;
        var terms = SearchTerms.Parse(text);
        if (terms.Items.Count == 0)
            values.Errors.Add(new("no_search_terms") { Parameter = Name });
        if (terms.Items.Count > MaxTerms)
            values.Errors.Add(new("too_many_values", terms.Items.Count, MaxTerms) { Parameter = Name });
        return terms;
    }
}
