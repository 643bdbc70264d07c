namespace CooperationApi.Contracts;

/// <summary>The result of a merge, or its preview with `dryRun`.</summary>
public sealed record MergeReport
{
    /// <summary>The type of both records.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The id of the merged record. Its URL redirects to the target (308).</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The id of the target, which replaces the merged record.</summary>
    [Slug]
    public required string Into { get; init; }

    /// <summary>The number of records whose references now point to the target. Each has a new revision.</summary>
    public required int ReferencesUpdated { get; init; }

    /// <summary>The revision of the removal of the merged record.</summary>
    public required long Revision { get; init; }
}
