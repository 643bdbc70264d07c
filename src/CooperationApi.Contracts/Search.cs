namespace CooperationApi.Contracts;

/// <summary>A page of what a search found, best first.</summary>
public sealed record SearchPage
{
    /// <summary>The records found.</summary>
    public required IReadOnlyList<SearchHit> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last one.</summary>
    public string? Next { get; init; }

    /// <summary>The number of the last change that this page takes into account.</summary>
    public required long Revision { get; init; }

    /// <summary>How many records of each type were found, whichever types are asked for.</summary>
    public required IReadOnlyList<TypeCount> Facets { get; init; }

    /// <summary>
    /// `whole` if all that there is to find is ranked; `partial` if so much was looked through that only a part is: that comes first, best first, and the
    /// rest follows in the order in which it was first written. A page of that rest may have fewer records than were asked for, or none: what counts is `next`.
    /// </summary>
    public required string Ranking { get; init; }
}

/// <summary>How many records of a type were found.</summary>
public sealed record TypeCount
{
    /// <summary>The type.</summary>
    public required string Type { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>Whether there are more than that: counting stopped there.</summary>
    public bool? OrMore { get; init; }
}

/// <summary>A record that was found.</summary>
public sealed record SearchHit
{
    /// <summary>The record's type.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Its title or name.</summary>
    public required string Title { get; init; }

    /// <summary>Its address.</summary>
    public required string Link { get; init; }

    /// <summary>The part of its texts that fits best.</summary>
    public required Snippet Snippet { get; init; }

    /// <summary>The citation whose quote has all of the words, if one has.</summary>
    public Citation? Citation { get; init; }
}

/// <summary>A part of a text, and where in it the words stand.</summary>
public sealed record Snippet
{
    /// <summary>The part, as written.</summary>
    public required string Text { get; init; }

    /// <summary>The words found in it.</summary>
    public required IReadOnlyList<TextRange> Highlights { get; init; }
}

/// <summary>A word in a text: from its offset in Unicode code points, to the offset of what follows it.</summary>
public sealed record TextRange
{
    /// <summary>Where it starts, from 0.</summary>
    public required int Start { get; init; }

    /// <summary>Where what follows it starts.</summary>
    public required int End { get; init; }
}
