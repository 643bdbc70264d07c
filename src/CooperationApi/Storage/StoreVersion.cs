namespace CooperationApi.Storage;

/// <summary>
/// A state of the store: the life that it belongs to, the number of its last change, and the horizon: up to which number only the newest change of each
/// record is kept, 0 if all are.
/// </summary>
internal sealed record StoreVersion(string Epoch, long Revision, long CompactedThrough = 0)
{
    /// <summary>The state as one word, for ETags and caches.</summary>
    public string Token { get; } = CompactedThrough == 0 ? $"{Epoch}-{Revision}" : $"{Epoch}-{Revision}-{CompactedThrough}";
}
