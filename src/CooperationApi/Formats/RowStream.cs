namespace CooperationApi.Formats;

/// <summary>The rows of a list in one store version: their count, and a stream that reads them one by one.</summary>
internal sealed record RowStream(string VersionToken, long Count, IAsyncEnumerable<JsonRow> Items)
{
    /// <summary>Returns all rows. Throws if there are fewer or more than <see cref="Count"/>, because the store is then damaged.</summary>
    public async IAsyncEnumerable<JsonRow> ReadAll()
    {
        var readCount = 0L;
        await foreach (var row in Items)
        {
            readCount++;
            yield return row;
        }
        if (readCount != Count)
            throw new InvalidDataException($"Expected {Count} rows, but the store returned {readCount}.");
    }
}
