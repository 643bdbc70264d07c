namespace CooperationApi.Storage;

/// <summary>The result of a write: the number of created and replaced records, and the new store version.</summary>
internal sealed record WriteResult(int CreatedCount, int ReplacedCount, StoreVersion Version)
{
    /// <summary>The last record of the write, as stored after it; null if the last change was a removal.</summary>
    public StoredRecord? LastRecord { get; init; }
}
