namespace CooperationApi.Features.Import;

/// <summary>
/// Records to be taken in: JSON with one list per type, `{ "sources": [ … ], "meetings": [ … ] }`; or, with <paramref name="IsNdjson"/>, NDJSON of any
/// length, a record a line, `{ "type": "meetings", "data": { … } }`. The stream can be read again from its start.
/// </summary>
internal sealed record BundleStream(Stream Content, bool IsNdjson);
