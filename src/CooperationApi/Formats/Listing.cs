namespace CooperationApi.Formats;

/// <summary>A whole list, to be answered as a file: the file's name without its ending, its columns, and how its rows are read.</summary>
internal sealed record Listing(string Name, IReadOnlyList<Column> Columns, ReadRows Read);

/// <summary>Lets rows be used while one state of the store is seen.</summary>
internal delegate Task ReadRows(Func<Rows, Task> use, CancellationToken cancel);

/// <summary>The rows of a list in one state of the store, as many as were counted in it, and read one by one.</summary>
internal sealed record Rows(string State, long Count, IAsyncEnumerable<Row> Read)
{
    /// <summary>Every row. Fewer or more than were counted are a failure: the store is damaged.</summary>
    public async IAsyncEnumerable<Row> All()
    {
        var read = 0L;
        await foreach (var row in Read)
        {
            read++;
            yield return row;
        }
        if (read != Count)
            throw new InvalidDataException($"{Count} rows were counted, and {read} are there.");
    }
}

/// <summary>A row: the id of the record that it is of, and its JSON.</summary>
internal readonly record struct Row(string Id, ReadOnlyMemory<byte> Json);
