namespace CooperationApi.Formats;

/// <summary>A row: the id of the record that it is of, and its JSON.</summary>
internal readonly record struct JsonRow(string Id, ReadOnlyMemory<byte> Json);
