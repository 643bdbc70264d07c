using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>The manifest of an export: files with the whole data set at one revision.</summary>
public sealed record ExportManifest
{
    /// <summary>The id of the export, as in the URLs of its files.</summary>
    [Pattern(Patterns.ExportId, 84)]
    public required string Id { get; init; }

    /// <summary>The epoch of the store.</summary>
    [Epoch]
    public required string Epoch { get; init; }

    /// <summary>The revision of the last change in the export.</summary>
    public required long Revision { get; init; }

    /// <summary>The feed cursor after this change: `/v1/changes?cursor=…` returns the later changes.</summary>
    [Cursor]
    public required string Cursor { get; init; }

    /// <summary>The start time of the export, in UTC.</summary>
    [UtcTimestamp]
    public required string At { get; init; }

    /// <summary>The SPDX identifier of the license of the content.</summary>
    [Pattern("^[A-Za-z0-9.+-]+$", 50)]
    public required string License { get; init; }

    /// <summary>The files.</summary>
    [Length(1, 200)]
    public required IReadOnlyList<ExportFile> Files { get; init; }

    /// <summary>The id of the export on which the delta is based; absent if there is no delta.</summary>
    [Pattern(Patterns.ExportId, 84)]
    public string? PreviousExportId { get; init; }
}

/// <summary>A file of an export. A file never changes.</summary>
public sealed record ExportFile
{
    /// <summary>The file name, for example `meetings.ndjson.gz`.</summary>
    [Pattern("^[a-z0-9.-]+$", 100)]
    public required string Name { get; init; }

    /// <summary>The path of the file. Range requests are supported.</summary>
    [Pattern("^/v1/exports/[a-z0-9./-]+$", 300)]
    public required string Link { get; init; }

    /// <summary>
    /// The content: `records` (all records of one type), `delta` (all changes since the previous export) or `database` (the whole data set
    /// as a SQLite file).
    /// </summary>
    [AllowedValues("records", "delta", "database")]
    public required string Content { get; init; }

    /// <summary>The type of the records; absent if the file has all types.</summary>
    [TypeName]
    public string? Type { get; init; }

    /// <summary>The format before compression: `ndjson`, `csv` or `sqlite`.</summary>
    [AllowedValues("ndjson", "csv", "sqlite")]
    public required string Format { get; init; }

    /// <summary>The compression: `gzip` or `zstd`.</summary>
    [AllowedValues("gzip", "zstd")]
    public required string Compression { get; init; }

    /// <summary>The number of records, or of changes in a delta.</summary>
    public required long Rows { get; init; }

    /// <summary>The size of the compressed file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The SHA-256 of the compressed file, in lower-case hexadecimal.</summary>
    [Sha256]
    public required string Sha256 { get; init; }

    /// <summary>The size of the uncompressed file, in bytes.</summary>
    public required long UncompressedBytes { get; init; }

    /// <summary>The SHA-256 of the uncompressed file, in lower-case hexadecimal.</summary>
    [Sha256]
    public required string UncompressedSha256 { get; init; }
}

/// <summary>A line of an NDJSON file of an export: one record.</summary>
public sealed record ExportLine
{
    /// <summary>The record's type.</summary>
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    public required string Id { get; init; }

    /// <summary>The record's revision.</summary>
    public required long Revision { get; init; }

    /// <summary>The SHA-256 of the record's JSON, as written in this line, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>The record.</summary>
    public required System.Text.Json.JsonElement Data { get; init; }
}

/// <summary>The last line of an NDJSON file of an export. A file without this line is incomplete.</summary>
public sealed record ExportFooter
{
    /// <summary>The number of lines before this line.</summary>
    public required long Rows { get; init; }

    /// <summary>The SHA-256 of all bytes before this line, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}
