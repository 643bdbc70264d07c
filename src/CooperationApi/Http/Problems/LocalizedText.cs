namespace CooperationApi.Http.Problems;

/// <summary>A text in both languages.</summary>
internal sealed record LocalizedText(string English, string Vietnamese)
{
    public string Get(Language language) => language == Language.Vietnamese ? Vietnamese : English;
}
