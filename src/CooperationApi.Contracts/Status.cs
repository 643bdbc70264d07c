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

    /// <summary>How many records each resource has.</summary>
    public required IReadOnlyDictionary<string, long> Records { get; init; }
}
