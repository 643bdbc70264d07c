namespace CooperationApi.Contracts;

/// <summary>A measured figure about a province unit or an organization.</summary>
public sealed record Indicator : CitedRecord
{
    /// <summary>The province unit or organization that the figure is about.</summary>
    public required RecordReference Subject { get; init; }

    /// <summary>The name of the indicator.</summary>
    public required string Name { get; init; }

    /// <summary>The figure; absent if the source gives a comparison only.</summary>
    public decimal? Value { get; init; }

    /// <summary>The unit of the figure: `%`, `VND`, `người`, …</summary>
    public string? Unit { get; init; }

    /// <summary>The period of the figure.</summary>
    public Period? Period { get; init; }

    /// <summary>The id of the meeting at which the figure was reported.</summary>
    public string? ReportedAt { get; init; }

    /// <summary>The parties that reported the figure, if a source names them.</summary>
    public IReadOnlyList<Party> ReportedBy { get; init; } = [];

    /// <summary>True if the source says "about".</summary>
    public bool? Approximate { get; init; }

    /// <summary>The bound of the figure, if the source says "over" (AtLeast), "nearly" or "up to" (AtMost).</summary>
    public Bound? Bound { get; init; }
}
