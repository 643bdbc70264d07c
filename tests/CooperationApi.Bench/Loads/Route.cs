using System.Net;

namespace CooperationApi.Bench.Loads;

/// <summary>The requests of one comparison: addresses, requested in turn, with the same header.</summary>
internal sealed record Route(string Name, params IReadOnlyList<string> Addresses)
{
    /// <summary>The additional header of the requests.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>The expected status code.</summary>
    public int ExpectedStatus { get; init; } = (int)HttpStatusCode.OK;

    /// <summary>The expected content encoding.</summary>
    public string? ExpectedContentEncoding { get; init; }

    /// <summary>True if `--min-ratio` applies to the route.</summary>
    public bool HasMinRatio { get; init; }
}
