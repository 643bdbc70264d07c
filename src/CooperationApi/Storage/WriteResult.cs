namespace CooperationApi.Storage;

/// <summary>What a write did: how many records it made, replaced, left as they stood and removed, and the state that it left.</summary>
internal sealed record WriteResult(int CreatedCount, int ReplacedCount, int UnchangedCount, int RemovedCount, StoreVersion Version)
{
    /// <summary>The last record that was admitted, as it stands now.</summary>
    public StoredRecord? LastRecord { get; init; }
}
