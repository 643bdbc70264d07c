using System.Net;

namespace CooperationApi.Bench.Loads;

/// <summary>What one comparison asks for: addresses, in turn, with the same header.</summary>
internal sealed record Route(string Name, params IReadOnlyList<string> Addresses)
{
    /// <summary>The header that the requests carry.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>The status that is meant.</summary>
    public int ExpectedStatus { get; init; } = (int)HttpStatusCode.OK;

    /// <summary>The encoding that is meant.</summary>
    public string? ExpectedContentEncoding { get; init; }

    /// <summary>Whether `--ratio-at-least` looks at it.</summary>
    public bool HasMinRatio { get; init; }
}
