namespace CooperationApi.Storage.Writing;

/// <summary>The search data of a record: its texts as written, and the words for the full-text indexes.</summary>
internal sealed record SearchDocument
{
    /// <summary>The title, folded.</summary>
    public required string TitleKey { get; init; }

    /// <summary>The names as written, one per line.</summary>
    public required string Names { get; init; }

    /// <summary>All other texts as written, one per line.</summary>
    public required string Texts { get; init; }

    /// <summary>The words of the names, folded.</summary>
    public required string FoldedNames { get; init; }

    /// <summary>The words of the names with their diacritics, each with the prefix `:`.</summary>
    public required string ExactNames { get; init; }

    /// <summary>The words of all texts, folded.</summary>
    public required string FoldedText { get; init; }

    /// <summary>The tokens of search filters: `type:meetings province:hai-phong group:… in:2019-10 all:2019-10-26`.</summary>
    public required string Facets { get; init; }
}
