using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Search;

/// <summary>The `q` parameter: the search text.</summary>
internal sealed record SearchTextParameter() : QueryParameter("q", $"Search text: words, and phrases in quotes. At most {MaxLength} characters and {MaxTerms} words or phrases.", ExampleText)
{
    /// <summary>An example with matches in the seed data.</summary>
    public const string ExampleText = "an sinh xã hội";

    private const int MaxLength = 200, MaxTerms = 20;

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = MaxLength, Pattern = "." };

    public override bool IsRequired => true;

    public static SearchTerms? Parse(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("q", out var text))
        {
            if (!errors.Any(error => error.Parameter == "q"))
                errors.Add(new("parameter_missing") { Parameter = "q" });
            return null;
        }
        if (text.Length > MaxLength)
        {
            errors.Add(new("too_long", text.Length, MaxLength) { Parameter = "q" });
            return null;
        }
        var terms = SearchTerms.Parse(text);
        if (terms.Items.Count == 0)
            errors.Add(new("no_search_terms") { Parameter = "q" });
        if (terms.Items.Count > MaxTerms)
            errors.Add(new("too_many_values", terms.Items.Count, MaxTerms) { Parameter = "q" });
        return terms;
    }
}
