namespace CooperationApi.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    /// <summary>How often each route is loaded on either side.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long a round is.</summary>
    public required TimeSpan RoundDuration { get; init; }

    /// <summary>How long each side is loaded before it counts.</summary>
    public required TimeSpan WarmUpDuration { get; init; }

    /// <summary>How often the service is started on the seeded store.</summary>
    public required int StartCount { get; init; }

    /// <summary>How many records are generated; 0 for none.</summary>
    public required int RecordCount { get; init; }

    /// <summary>What the generated records follow from.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether nothing but imports is measured.</summary>
    public required bool IsImportsOnly { get; init; }

    /// <summary>A store of which nothing but copying is measured.</summary>
    public string? SyncStorePath { get; init; }

    /// <summary>The ratio that cached answers must reach.</summary>
    public required double MinRatio { get; init; }
}
