namespace CooperationApi.Formats;

/// <summary>A whole list for a file: the file name without extension, the columns and the function that reads the rows.</summary>
internal sealed record TableSource(string Name, IReadOnlyList<TableColumn> Columns, RowReaderCallback Enumerate)
{
    /// <summary>The title on printed pages of a workbook for people; null if the workbook is for programs.</summary>
    public string? PrintTitle { get; init; }
}

/// <summary>Calls <paramref name="consume"/> with the rows within one read transaction of the store.</summary>
internal delegate Task RowReaderCallback(Func<RowStream, Task> consume, CancellationToken cancel);
