using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>The members that every record has.</summary>
public abstract record Record
{
    /// <summary>The record's id: a slug, unique within its type. The id of a merged or redacted record is never used again.</summary>
    [JsonPropertyOrder(-2)]
    public required string Id { get; init; }

    /// <summary>The revision of the record's last change in the change feed. The service assigns it.</summary>
    [JsonPropertyOrder(-1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Revision { get; init; }
}

/// <summary>A record that states facts and cites its evidence: every record except a source.</summary>
public abstract record CitedRecord : Record
{
    /// <summary>The citations; at least one.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<Citation> Citations { get; init; }
}

/// <summary>A reference from a record to a source, with the words of the source that prove members of the record.</summary>
public sealed record Citation
{
    /// <summary>The id of the source.</summary>
    public required string SourceId { get; init; }

    /// <summary>
    /// The shortest exact words that prove the fact, in Unicode form NFC; absent if the text of the source is not available.
    /// </summary>
    public string? Quote { get; init; }

    /// <summary>The offset of the quote in the NFC text of the source, in Unicode code points from 0.</summary>
    public int? Start { get; init; }

    /// <summary>The offset after the last code point of the quote.</summary>
    public int? End { get; init; }

    /// <summary>The place in a source whose text is not available: an article, page or paragraph.</summary>
    public string? Locator { get; init; }

    /// <summary>The names of the members that the source supports.</summary>
    public required IReadOnlyList<string> Supports { get; init; }

    /// <summary>The way in which the source supports the members.</summary>
    public required CitationBasis Basis { get; init; }

    /// <summary>
    /// A note of the editors: the grounds of an inference, or a detail that the source leaves open. Required for an inference without a
    /// quote.
    /// </summary>
    public string? Note { get; init; }
}

/// <summary>
/// The way in which a source supports a fact: Stated (the quote states it), Inferred (the editors conclude it from the quote and its
/// context, or as the note explains), Referenced (a locator in a source whose text is not available).
/// </summary>
public enum CitationBasis
{
    Stated,
    Inferred,
    Referenced,
}

/// <summary>A reference to a record, by type and id.</summary>
public sealed record RecordReference
{
    /// <summary>The type, as in the URL: `provinces`, `cooperation-groups`, …</summary>
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    public required string Id { get; init; }
}

/// <summary>
/// A party that voiced a commitment, is responsible for it, or reported a result or a figure. The party is a record if one exists,
/// otherwise the words of the source.
/// </summary>
public sealed record Party
{
    /// <summary>The id of the official.</summary>
    public string? OfficialId { get; init; }

    /// <summary>The id of the organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The id of the province unit, or of the unit on whose side the party is.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The party in the words of the source, if no record describes it.</summary>
    public string? Description { get; init; }
}

/// <summary>A record with a quantity, an amount of money, or both.</summary>
public interface IQuantified
{
    /// <summary>The quantity.</summary>
    decimal? Quantity { get; }

    /// <summary>The unit of the quantity.</summary>
    string? Unit { get; }

    /// <summary>The unit in English.</summary>
    string? UnitEn { get; }

    /// <summary>The amount of money, in whole units of the currency.</summary>
    long? Amount { get; }

    /// <summary>The ISO 4217 code of the currency.</summary>
    string? Currency { get; }

    /// <summary>True if the source says "about".</summary>
    bool? Approximate { get; }

    /// <summary>The bound of the figure, if the source says "over" (AtLeast), "nearly" or "up to" (AtMost).</summary>
    Bound? Bound { get; }
}

/// <summary>The bound of a figure: AtLeast (the source says "over"), AtMost (the source says "nearly" or "up to").</summary>
public enum Bound
{
    AtLeast,
    AtMost,
}
