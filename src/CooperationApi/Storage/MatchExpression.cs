namespace CooperationApi.Storage;

/// <summary>A query on a full-text index: the table, and the terms that a record must all match.</summary>
internal sealed record MatchExpression(string Table, IReadOnlyList<MatchTerm> Terms)
{
    /// <summary>The index of the names.</summary>
    public const string NamesTable = "search_name";

    /// <summary>The index of all texts.</summary>
    public const string TextsTable = "search_index";

    /// <summary>The number of tokens that the index reads.</summary>
    public int TokenCount => Terms.Sum(term => term.TokenCount);

    /// <summary>A text that is equal for equal expressions.</summary>
    public string Key { get; } = $"{Table}: {string.Join(" AND ", Terms)}";
}

/// <summary>A term of a full-text query: a record matches one of the alternatives.</summary>
/// <param name="Alternatives">The alternatives, at least one.</param>
/// <param name="TokenCount">The number of tokens that the index reads.</param>
internal sealed record MatchTerm(IReadOnlyList<MatchPhrase> Alternatives, int TokenCount)
{
    // This many alternatives cost as much as one token: each of them is in few records.
    private const int AlternativesPerToken = 16;

    /// <summary>Matches records that have the words in this order, without other words between them.</summary>
    public static MatchTerm Phrase(params IReadOnlyList<string> words) => new([new(words)], words.Count);

    /// <summary>Matches records with a word that begins with a text.</summary>
    public static MatchTerm Prefix(string text) => new([new(text) { IsPrefix = true }], AlternativesPerToken);

    /// <summary>
    /// Matches records that have at least one of the words. Without words it matches `none:`, a token that no record has.
    /// </summary>
    public static MatchTerm AnyOf(IEnumerable<string> words)
    {
        MatchPhrase[] alternatives = [.. words.DefaultIfEmpty("none:").Select(word => new MatchPhrase(word))];
        return new(alternatives, 1 + alternatives.Length / AlternativesPerToken);
    }

    /// <summary>Returns the term with one more alternative.</summary>
    public MatchTerm Or(string word) => new([.. Alternatives, new(word)], TokenCount + 1);

    /// <summary>The terms that a record must all match, each with one look at the index: the words of a phrase.</summary>
    public IEnumerable<MatchTerm> Tokens =>
        Alternatives is [{ IsPrefix: false } phrase] ? phrase.Words.Select(word => Phrase(word)) : [this];

    public override string ToString() => string.Join(" OR ", Alternatives);
}

/// <summary>Words in this order, without other words between them, or the beginning of a word of the texts.</summary>
internal sealed record MatchPhrase(params IReadOnlyList<string> Words)
{
    /// <summary>True if the only word is the beginning of a word.</summary>
    public bool IsPrefix { get; init; }

    public override string ToString() => $"\"{string.Join(' ', Words)}\"{(IsPrefix ? " *" : "")}";
}
