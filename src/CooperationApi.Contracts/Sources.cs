namespace CooperationApi.Contracts;

/// <summary>A document that proves facts. Its text is not published; its hash is, so that whoever holds the text can check every quote.</summary>
public sealed record Source : Record
{
    /// <summary>The document's title; absent where it is not known.</summary>
    public string? Title { get; init; }

    /// <summary>Who published it.</summary>
    public string? Publisher { get; init; }

    /// <summary>Who wrote it.</summary>
    public string? Author { get; init; }

    /// <summary>Where it can be read.</summary>
    public string? Url { get; init; }

    /// <summary>When it was published, as far as it is known.</summary>
    public PartialDate? PublishedOn { get; init; }

    /// <summary>Its language (ISO 639-1): `vi`, `en`.</summary>
    public string? Language { get; init; }

    /// <summary>What kind of document it is.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The SHA-256, in lower-case hexadecimal, of its NFC text in UTF-8.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The length of its NFC text in Unicode code points.</summary>
    public int? Length { get; init; }

    /// <summary>What the editors have to say about it: how its publisher or date is known, how much of it was at hand.</summary>
    public string? Note { get; init; }
}

/// <summary>The kinds of sources.</summary>
public enum SourceKind
{
    Press,
    Official,
    Statistical,
    Legal,
}

/// <summary>A citation together with the record that rests on it.</summary>
public sealed record SourceCitation
{
    /// <summary>The type of the record that rests on it.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The record's title or name, to read.</summary>
    public required string Title { get; init; }

    /// <summary>The citation's place among the record's citations, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The citation itself.</summary>
    public required Citation Citation { get; init; }
}
