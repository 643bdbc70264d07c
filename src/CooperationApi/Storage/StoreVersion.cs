namespace CooperationApi.Storage;

/// <summary>
/// The version of the store: epoch, head (<see cref="Revision"/>), compaction point and the number of stored source texts. Up to the
/// compaction point, only the newest change of each record is retained; 0 if all changes are retained.
/// </summary>
internal sealed record StoreVersion(string Epoch, long Revision, long CompactedThrough = 0, long TextVersion = 0)
{
    /// <summary>The version token: the version as text, for ETags and cache keys.</summary>
    public string Token { get; } = $"{Epoch}-{Revision}" + (CompactedThrough == 0 ? "" : $"-{CompactedThrough}")
        + (TextVersion == 0 ? "" : $"-t{TextVersion}");

    /// <summary>
    /// True if this version replaces another one. Epochs have no order: a version of another epoch always replaces the known one.
    /// </summary>
    public bool IsLaterThan(StoreVersion other) =>
        Epoch != other.Epoch || (Revision, CompactedThrough, TextVersion)
            .CompareTo((other.Revision, other.CompactedThrough, other.TextVersion)) > 0;
}
