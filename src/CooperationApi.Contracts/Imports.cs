using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>
/// Records that are imported in one transaction: all or none. The parameter `onConflict` protects existing records; `additions` appends
/// entries to them. Each record has its id.
/// </summary>
/// <remarks>
/// A bundle also has a list of records per resource type. The OpenAPI document derives these lists from the resources.
/// </remarks>
public sealed record Bundle
{
    /// <summary>The additions to existing records.</summary>
    [Length(0, Limits.MaxBundleRecords)]
    public IReadOnlyList<RecordAddition> Additions { get; init; } = [];
}

/// <summary>A line of an NDJSON bundle: one record and its type.</summary>
public sealed record BundleLine
{
    /// <summary>The type, as in the URL, for example `meetings`; or `additions`.</summary>
    public required string Type { get; init; }

    /// <summary>The whole record, in the form that GET returns; or a <see cref="RecordAddition"/>.</summary>
    public required object Data { get; init; }
}

/// <summary>
/// Entries that an import appends to the lists of an existing record. An entry that equals one of the record is not appended again, so a
/// repeated import changes nothing.
/// </summary>
public sealed record RecordAddition
{
    /// <summary>The type of the record, as in the URL, for example `officials`.</summary>
    public required string Type { get; init; }

    /// <summary>The id of the record, which exists before the import.</summary>
    public required string Id { get; init; }

    /// <summary>The positions to append; only officials have positions.</summary>
    public IReadOnlyList<Position> Positions { get; init; } = [];

    /// <summary>The citations to append. A citation without offsets equals the same citation with offsets.</summary>
    public required IReadOnlyList<Citation> Citations { get; init; }
}

/// <summary>
/// The result of an import, or its preview with `dryRun`. Each list has the first 1,000 records with this result, as type and id, for
/// example `meetings/vi-du`; the number counts all of them.
/// </summary>
public sealed record ImportReport
{
    /// <summary>The number of records that were created.</summary>
    public required int Created { get; init; }

    /// <summary>The number of records that were replaced.</summary>
    public required int Replaced { get; init; }

    /// <summary>The number of records to which `additions` appended entries.</summary>
    public required int Extended { get; init; }

    /// <summary>The number of records that were already equal. They get no new revision.</summary>
    public required int Unchanged { get; init; }

    /// <summary>The number of existing records with other content that were not replaced, because of `onConflict=keep`.</summary>
    public required int Kept { get; init; }

    /// <summary>The created records.</summary>
    [Length(0, Limits.MaxReportedRecords), Pattern(Patterns.RecordName, 200)]
    public required IReadOnlyList<string> CreatedRecords { get; init; }

    /// <summary>The replaced records. Their earlier content remains in their history.</summary>
    [Length(0, Limits.MaxReportedRecords), Pattern(Patterns.RecordName, 200)]
    public required IReadOnlyList<string> ReplacedRecords { get; init; }

    /// <summary>The records to which `additions` appended entries.</summary>
    [Length(0, Limits.MaxReportedRecords), Pattern(Patterns.RecordName, 200)]
    public required IReadOnlyList<string> ExtendedRecords { get; init; }

    /// <summary>The records that were already equal.</summary>
    [Length(0, Limits.MaxReportedRecords), Pattern(Patterns.RecordName, 200)]
    public required IReadOnlyList<string> UnchangedRecords { get; init; }

    /// <summary>The existing records with other content that were not replaced.</summary>
    [Length(0, Limits.MaxReportedRecords), Pattern(Patterns.RecordName, 200)]
    public required IReadOnlyList<string> KeptRecords { get; init; }

    /// <summary>The revision of the last change after the import.</summary>
    public required long Revision { get; init; }

    /// <summary>True if the bundle was only validated and nothing was saved.</summary>
    public required bool DryRun { get; init; }
}
