namespace CooperationApi.Formats;

/// <summary>A whole list, to be answered as a file: the file's name without its ending, its columns, and how its rows are read.</summary>
internal sealed record TableSource(string Name, IReadOnlyList<TableColumn> Columns, RowReaderCallback Enumerate);

/// <summary>Lets rows be used while one state of the store is seen.</summary>
internal delegate Task RowReaderCallback(Func<RowStream, Task> consume, CancellationToken cancel);
