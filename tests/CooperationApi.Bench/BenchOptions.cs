namespace CooperationApi.Bench;

/// <summary>The options of the command line.</summary>
internal sealed record BenchOptions
{
    /// <summary>The rounds per route, on the service and on the bare handler each.</summary>
    public required int Rounds { get; init; }

    /// <summary>The length of a round.</summary>
    public required TimeSpan RoundDuration { get; init; }

    /// <summary>The warm-up time of each side before its first round.</summary>
    public required TimeSpan WarmUpDuration { get; init; }

    /// <summary>The number of starts on the seeded store.</summary>
    public required int StartCount { get; init; }

    /// <summary>The number of records to generate; 0 skips everything that needs them.</summary>
    public required int RecordCount { get; init; }

    /// <summary>The random seed of the generated records.</summary>
    public required int Seed { get; init; }

    /// <summary>True if only imports are measured.</summary>
    public required bool IsImportsOnly { get; init; }

    /// <summary>True if only filters and statistics of generated records are measured.</summary>
    public required bool IsFiltersOnly { get; init; }

    /// <summary>The store for which only export and sync are measured; null measures everything else.</summary>
    public string? SyncStorePath { get; init; }

    /// <summary>The connection string of the PostgreSQL server to compare with SQLite; null measures SQLite alone.</summary>
    public string? PostgreSqlServer { get; init; }

    /// <summary>The lowest allowed ratio of the routes with <see cref="Loads.Route.HasMinRatio"/>.</summary>
    public required double MinRatio { get; init; }
}
