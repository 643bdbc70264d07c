namespace CooperationApi.Contracts;

/// <summary>What a merge did, or would do.</summary>
public sealed record MergeReport
{
    /// <summary>The type of both records.</summary>
    public required string Type { get; init; }

    /// <summary>The record that is no more. Its address leads to the other (308).</summary>
    public required string Id { get; init; }

    /// <summary>The record that stands in its place.</summary>
    public required string Into { get; init; }

    /// <summary>How many records named the one and now name the other; each has a new revision.</summary>
    public required int ReferencesUpdated { get; init; }

    /// <summary>The number of the change by which the one was taken out.</summary>
    public required long Revision { get; init; }
}
