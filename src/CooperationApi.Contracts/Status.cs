using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>The state of the service, for integrators.</summary>
public sealed record ServiceStatus
{
    /// <summary>The version of the API, as in the `API-Version` header.</summary>
    [Pattern(Patterns.Version, 20)]
    public required string ApiVersion { get; init; }

    /// <summary>The epoch of the store, to which revisions and ETags belong. A restored store starts a new epoch.</summary>
    [Epoch]
    public required string Epoch { get; init; }

    /// <summary>The revision of the last change.</summary>
    public required long Revision { get; init; }

    /// <summary>The time of the last change, in UTC.</summary>
    [UtcTimestamp]
    public string? ChangedAt { get; init; }

    /// <summary>
    /// The oldest position from which the feed can be followed: `/v1/changes?cursor=…` returns all retained changes after it.
    /// </summary>
    [Pattern(Patterns.Cursor, 1000)]
    public required string OldestCursor { get; init; }

    /// <summary>The latest export; absent if there is none, or while the folder of the exports cannot be used.</summary>
    public ExportSummary? LastExport { get; init; }

    /// <summary>The result of the last self-check; absent before the first one.</summary>
    public SelfCheckReport? SelfCheck { get; init; }

    /// <summary>The number of records of each resource.</summary>
    public required IReadOnlyDictionary<string, long> Records { get; init; }

    /// <summary>
    /// The sources that the records of the last 1,000 changes cite, newest first. Each source has the last change of a record that cites
    /// the source.
    /// </summary>
    [Length(0, 100_000)]
    public required IReadOnlyList<SourceFreshness> Sources { get; init; }
}

/// <summary>The id, revision and time of an export.</summary>
public sealed record ExportSummary
{
    /// <summary>The id of the export.</summary>
    [Pattern("^[0-9a-f]+-[0-9-a-z]+$", 100)]
    public required string Id { get; init; }

    /// <summary>The revision of the last change in the export.</summary>
    public required long Revision { get; init; }

    /// <summary>The start time of the export, in UTC.</summary>
    [UtcTimestamp]
    public required string At { get; init; }
}

/// <summary>
/// The result of a self-check. Every hour by default, the service applies the change feed to a snapshot of the ids, revisions and hashes.
/// The service then compares the digests of the outcome with the digests of the store, and verifies the hashes of a sample of record
/// versions.
/// </summary>
public sealed record SelfCheckReport
{
    /// <summary>The time of the check, in UTC.</summary>
    [UtcTimestamp]
    public required string At { get; init; }

    /// <summary>The revision of the last change that the check included.</summary>
    public required long Revision { get; init; }

    /// <summary>
    /// True if the digests are equal and the sample is intact. If false, do not rely on copies until the operator has found the cause.
    /// </summary>
    public required bool Passed { get; init; }

    /// <summary>The types with different digests.</summary>
    [Length(1, 100), TypeName]
    public IReadOnlyList<string>? MismatchedTypes { get; init; }

    /// <summary>The revisions of sampled record versions, current or earlier, whose JSON does not match its SHA-256.</summary>
    [Length(1, 100)]
    public IReadOnlyList<long>? DamagedRevisions { get; init; }
}

/// <summary>The last change of a record that cites a source.</summary>
public sealed record SourceFreshness
{
    /// <summary>The id of the source.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The revision of the last change of a record that cites the source.</summary>
    public required long Revision { get; init; }

    /// <summary>The time of this change, in UTC.</summary>
    [UtcTimestamp]
    public required string ChangedAt { get; init; }
}

/// <summary>The health of the service.</summary>
public sealed record ServiceHealth
{
    public const string Live = "live", Ready = "ready";

    /// <summary>The state that the check found: `live` (the process responds) or `ready` (the store is readable).</summary>
    [AllowedValues(Live, Ready)]
    public required string Status { get; init; }

    /// <summary>The revision of the last change; sent by the readiness check.</summary>
    public long? Revision { get; init; }
}
