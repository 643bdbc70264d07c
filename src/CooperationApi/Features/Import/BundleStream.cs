namespace CooperationApi.Features.Import;

/// <summary>
/// A bundle: JSON with one list per type, `{ "sources": [ … ], "meetings": [ … ] }`; or, with <paramref name="IsNdjson"/>, NDJSON of any
/// length with one record per line, `{ "type": "meetings", "data": { … } }`. The stream is seekable.
/// </summary>
internal sealed record BundleStream(Stream Content, bool IsNdjson);
