namespace CooperationApi.Formats;

/// <summary>The rows of a list in one state of the store, as many as were counted in it, and read one by one.</summary>
internal sealed record RowStream(string VersionToken, long Count, IAsyncEnumerable<JsonRow> Items)
{
    /// <summary>Every row. Fewer or more than were counted are a failure: the store is damaged.</summary>
    public async IAsyncEnumerable<JsonRow> ReadAll()
    {
        var readCount = 0L;
        await foreach (var row in Items)
        {
            readCount++;
            yield return row;
        }
        if (readCount != Count)
            throw new InvalidDataException($"{Count} rows were counted, and {readCount} are there.");
    }
}
