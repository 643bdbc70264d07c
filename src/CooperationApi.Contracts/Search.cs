using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>A page of search results, best match first.</summary>
public sealed record SearchPage
{
    /// <summary>The records found.</summary>
    [Length(0, Limits.MaxPageItems)]
    public required IReadOnlyList<SearchHit> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last page.</summary>
    [Cursor]
    public string? Next { get; init; }

    /// <summary>The revision of the data set to which the page belongs.</summary>
    public required long Revision { get; init; }

    /// <summary>The number of matches per type, independent of the parameter `types`.</summary>
    [Length(0, 100)]
    public required IReadOnlyList<TypeCount> Facets { get; init; }

    /// <summary>
    /// `complete` if all matches are ranked; `partial` if there are too many to rank all. The ranked matches then come first, best first,
    /// and the others follow in the order of their creation. A page of the others can have fewer records than requested, or none: continue
    /// while `next` is present.
    /// </summary>
    [AllowedValues("complete", "partial")]
    public required string Ranking { get; init; }
}

/// <summary>The number of matches of a type.</summary>
public sealed record TypeCount
{
    /// <summary>The type.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The number of matches.</summary>
    public required int Count { get; init; }

    /// <summary>True if there are more matches: counting stopped at `count`.</summary>
    public bool? OrMore { get; init; }
}

/// <summary>A record found by a search.</summary>
public sealed record SearchHit
{
    /// <summary>The record's type.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The title or name of the record.</summary>
    [Length(1, 2000)]
    public required string Title { get; init; }

    /// <summary>The path of the record.</summary>
    [Pattern("^(/[a-z0-9-]+)+$", 200)]
    public required string Link { get; init; }

    /// <summary>The passage of the record's texts that matches best.</summary>
    public required Snippet Snippet { get; init; }

    /// <summary>The first citation whose quote has all search terms, if there is one.</summary>
    public Citation? Citation { get; init; }
}

/// <summary>A passage of a text, with the positions of the search terms.</summary>
public sealed record Snippet
{
    /// <summary>The passage, as written.</summary>
    [Length(1, 2000)]
    public required string Text { get; init; }

    /// <summary>The positions of the search terms.</summary>
    [Length(0, 1000)]
    public required IReadOnlyList<TextRange> Highlights { get; init; }
}

/// <summary>A range of a text, in Unicode code points.</summary>
public sealed record TextRange
{
    /// <summary>The offset of the first code point, from 0.</summary>
    public required int Start { get; init; }

    /// <summary>The offset after the last code point.</summary>
    public required int End { get; init; }
}
