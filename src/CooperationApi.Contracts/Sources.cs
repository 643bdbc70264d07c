using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>
/// A document that supports facts. The service publishes the hash of the text but not the text. Anyone who has the text can check every
/// quote.
/// </summary>
public sealed record Source : Record
{
    /// <summary>The title of the document; absent if unknown.</summary>
    public string? Title { get; init; }

    /// <summary>The publisher.</summary>
    public string? Publisher { get; init; }

    /// <summary>The author.</summary>
    public string? Author { get; init; }

    /// <summary>The URL of the document.</summary>
    public string? Url { get; init; }

    /// <summary>The date of publication, to the known precision.</summary>
    public PartialDate? PublishedOn { get; init; }

    /// <summary>The language (ISO 639-1): `vi`, `en`.</summary>
    public string? Language { get; init; }

    /// <summary>The kind of document.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The SHA-256 of the text in form NFC and UTF-8, in lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The length of the text in form NFC, in Unicode code points.</summary>
    public int? Length { get; init; }

    /// <summary>A note of the editors: the grounds for the publisher or the date, or how much of the text was available.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// The kinds of sources: Press (a press report), Official (an official page), Statistical (statistics), Legal (a legal act).
/// </summary>
public enum SourceKind
{
    Press,
    Official,
    Statistical,
    Legal,
}

/// <summary>A citation with the record that it belongs to.</summary>
public sealed record SourceCitation
{
    /// <summary>The type of the record that cites the source.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The title or name of the record.</summary>
    [Length(1, 2000)]
    public required string Title { get; init; }

    /// <summary>The index of the citation in the record's `citations`, from 0.</summary>
    [Range(0, 99)]
    public required int Ordinal { get; init; }

    /// <summary>The citation.</summary>
    public required Citation Citation { get; init; }

    /// <summary>
    /// The URL of the source with a text directive, so that a browser opens it at the quote; the URL alone for a citation without a
    /// quote; absent if the source has no URL. Not part of the saved record.
    /// </summary>
    [Length(1, Limits.MaxLinkLength)]
    public string? Link { get; init; }
}
