namespace CooperationApi.Features.Exports;

/// <summary>The content of a file of an export, as in the manifest, before compression.</summary>
internal sealed record ExportContent(string ExportId, string Content, string Format, string? Type = null);
