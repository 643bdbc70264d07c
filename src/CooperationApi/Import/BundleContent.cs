namespace CooperationApi.Import;

/// <summary>
/// Records to be taken in: JSON with one list per type, `{ "sources": [ … ], "meetings": [ … ] }`; or, with <paramref name="IsLines"/>, NDJSON of any
/// length, a record a line, `{ "type": "meetings", "data": { … } }`. The stream can be read again from its start.
/// </summary>
internal sealed record BundleContent(Stream Content, bool IsLines);
