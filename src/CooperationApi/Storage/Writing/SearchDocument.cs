namespace CooperationApi.Storage.Writing;

/// <summary>What search finds a record by: texts as written, and the words of them that are indexed.</summary>
internal sealed record SearchDocument
{
    /// <summary>The title, folded.</summary>
    public required string TitleKey { get; init; }

    /// <summary>The names as written, one a line.</summary>
    public required string Names { get; init; }

    /// <summary>All other texts as written, one a line.</summary>
    public required string Texts { get; init; }

    /// <summary>The words of the names, folded.</summary>
    public required string FoldedNames { get; init; }

    /// <summary>The same with their diacritics, each after a `:`.</summary>
    public required string ExactNames { get; init; }

    /// <summary>The words of all texts, folded.</summary>
    public required string FoldedText { get; init; }

    /// <summary>Words that narrow a search: `type:meetings province:hai-phong group:… in:2019-10 all:2019-10-26`.</summary>
    public required string Facets { get; init; }
}
