using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>Records that are to go in together: all or none. A record that is there already is replaced.</summary>
public sealed record Bundle
{
    public IReadOnlyList<Source>? Sources { get; init; }

    public IReadOnlyList<Province>? Provinces { get; init; }

    public IReadOnlyList<Organization>? Organizations { get; init; }

    public IReadOnlyList<Official>? Officials { get; init; }

    public IReadOnlyList<Meeting>? Meetings { get; init; }

    public IReadOnlyList<Agreement>? Agreements { get; init; }

    [JsonPropertyName("cooperation-groups")]
    public IReadOnlyList<CooperationGroup>? CooperationGroups { get; init; }

    public IReadOnlyList<Commitment>? Commitments { get; init; }

    public IReadOnlyList<Result>? Results { get; init; }

    public IReadOnlyList<Indicator>? Indicators { get; init; }

    public IReadOnlyList<Statement>? Statements { get; init; }
}

/// <summary>A line of a bundle in NDJSON: one record, and of which type it is.</summary>
public sealed record BundleLine
{
    /// <summary>The type, as in the path: `meetings`.</summary>
    public required string Type { get; init; }

    /// <summary>The whole record, as reading answers it.</summary>
    public required object Data { get; init; }
}

/// <summary>What an import did, or with `dryRun` would do.</summary>
public sealed record ImportReport
{
    /// <summary>How many records were made.</summary>
    public required int Created { get; init; }

    /// <summary>How many were replaced.</summary>
    public required int Replaced { get; init; }

    /// <summary>How many stood so already, and took no number.</summary>
    public required int Unchanged { get; init; }

    /// <summary>The number of the last change after it.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether it was only tried, and nothing kept.</summary>
    public required bool DryRun { get; init; }
}
