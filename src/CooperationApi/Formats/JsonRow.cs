namespace CooperationApi.Formats;

/// <summary>A row of a list: the id of its record and its JSON.</summary>
internal readonly record struct JsonRow(string Id, ReadOnlyMemory<byte> Json);
