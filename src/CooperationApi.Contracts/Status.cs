namespace CooperationApi.Contracts;

/// <summary>What an integrator wants to know before a synchronisation.</summary>
public sealed record ServiceStatus
{
    /// <summary>The version of the API, as in the `API-Version` header.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The life of the store to which revisions and ETags belong; a restored store begins another.</summary>
    public required string Epoch { get; init; }

    /// <summary>The number of the last change.</summary>
    public required long Revision { get; init; }

    /// <summary>When that change was made, in UTC.</summary>
    public string? ChangedAt { get; init; }

    /// <summary>The oldest place from which the feed can be followed: `/v1/changes?cursor=…` has all that is kept of what came after.</summary>
    public required string OldestCursor { get; init; }

    /// <summary>The latest export; absent where there is none.</summary>
    public ExportSummary? LastExport { get; init; }

    /// <summary>What the service found when it last checked itself; absent before the first time.</summary>
    public SelfCheckReport? SelfCheck { get; init; }

    /// <summary>How many records each resource has.</summary>
    public required IReadOnlyDictionary<string, long> Records { get; init; }

    /// <summary>The sources that the last thousand changes rest on, each with the last change of a record that cites it; the newest first.</summary>
    public required IReadOnlyList<SourceFreshness> Sources { get; init; }
}

/// <summary>Which state an export is of.</summary>
public sealed record ExportSummary
{
    /// <summary>The export's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The number of the last change that is in it.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was begun, in UTC.</summary>
    public required string At { get; init; }
}

/// <summary>
/// What came of a check that the service makes of itself every hour: the identifiers, revisions and hashes of an earlier state, brought forward by the feed, must come to the digest
/// of the record.
/// </summary>
public sealed record SelfCheckReport
{
    /// <summary>When it was made, in UTC.</summary>
    public required string At { get; init; }

    /// <summary>The number of the last change that it took into account.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether they agreed. If not, copies can't be trusted until the service's keepers have found out why.</summary>
    public required bool Passed { get; init; }

    /// <summary>The types that differed.</summary>
    public IReadOnlyList<string>? MismatchedTypes { get; init; }
}

/// <summary>How new what is known from a source is.</summary>
public sealed record SourceFreshness
{
    /// <summary>The source's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The number of the last change of a record that cites it.</summary>
    public required long Revision { get; init; }

    /// <summary>When that change was made, in UTC.</summary>
    public required string ChangedAt { get; init; }
}
