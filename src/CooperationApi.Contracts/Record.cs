using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>What every record of the service has.</summary>
public abstract record Record
{
    /// <summary>The record's stable identifier, a slug that is never used again.</summary>
    [JsonPropertyOrder(-2)]
    public required string Id { get; init; }

    /// <summary>The number, in the feed of all changes, of the record's last change. Given by the service.</summary>
    [JsonPropertyOrder(-1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Revision { get; init; }
}

/// <summary>A record that states facts, and therefore cites what proves them. All but sources are.</summary>
public abstract record CitedRecord : Record
{
    /// <summary>The evidence: at least one citation.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<Citation> Citations { get; init; }
}

/// <summary>The words of a source that prove facts of a record, and where they stand.</summary>
public sealed record Citation
{
    /// <summary>The source that says so.</summary>
    public required string SourceId { get; init; }

    /// <summary>The shortest exact words that prove it, as the source has them (in NFC). Absent when the source's text is not at hand.</summary>
    public string? Quote { get; init; }

    /// <summary>Where the quote starts in the source's NFC text: its offset in Unicode code points, from 0.</summary>
    public int? Start { get; init; }

    /// <summary>Where the quote ends: the offset, in code points, of what follows it.</summary>
    public int? End { get; init; }

    /// <summary>Where to look in a source whose text is not at hand: an article, page or paragraph.</summary>
    public string? Locator { get; init; }

    /// <summary>The names of the record's members that the source supports here.</summary>
    public required IReadOnlyList<string> Supports { get; init; }

    /// <summary>How the source supports them.</summary>
    public required CitationBasis Basis { get; init; }

    /// <summary>What the editors have to say about it: from what something was inferred, what the source leaves open. Required of an inference without a quote.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// How a source supports a fact: Stated in the quoted words; Inferred by the editors, from quoted words and their context, or as a note says;
/// Referenced at a locator, in a source whose text is not at hand.
/// </summary>
public enum CitationBasis
{
    Stated,
    Inferred,
    Referenced,
}

/// <summary>One record that another names: its resource type and identifier.</summary>
public sealed record RecordReference
{
    /// <summary>The resource type, as in the path: `provinces`, `cooperation-groups`, …</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }
}

/// <summary>Who is responsible for, gives or receives something: a record where there is one, else the source's words.</summary>
public sealed record Party
{
    /// <summary>The official.</summary>
    public string? OfficialId { get; init; }

    /// <summary>The organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The province, or the province on whose side the party stands.</summary>
    public string? ProvinceId { get; init; }

    /// <summary>The party in words, where no record stands for it.</summary>
    public string? Description { get; init; }
}

/// <summary>Which way a figure is bounded: the source says "over" (AtLeast) or "nearly", "up to" (AtMost).</summary>
public enum Bound
{
    AtLeast,
    AtMost,
}
