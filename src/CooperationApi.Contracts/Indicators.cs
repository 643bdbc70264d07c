namespace CooperationApi.Contracts;

/// <summary>A measured figure about a province or an organization.</summary>
public sealed record Indicator : CitedRecord
{
    /// <summary>Whom it is about: a province or an organization.</summary>
    public required RecordReference Subject { get; init; }

    /// <summary>What is measured.</summary>
    public required string Name { get; init; }

    /// <summary>The figure. Absent where the source gives a comparison only.</summary>
    public decimal? Value { get; init; }

    /// <summary>The unit of the figure: `%`, `VND`, `người`, …</summary>
    public string? Unit { get; init; }

    /// <summary>The time that it is about.</summary>
    public Period? Period { get; init; }

    /// <summary>Whether the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>Which way the figure is bounded, where the source says "over" or "nearly".</summary>
    public Bound? Bound { get; init; }
}
