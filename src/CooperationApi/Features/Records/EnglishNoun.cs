namespace CooperationApi.Features.Records;

/// <summary>Formats nouns for the summaries of the OpenAPI document.</summary>
internal static class EnglishNoun
{
    /// <summary>Returns the noun with its indefinite article: `a meeting`, `an official`.</summary>
    public static string WithArticle(string noun) => $"{(noun[0] is 'a' or 'e' or 'i' or 'o' ? "an" : "a")} {noun}";
}
