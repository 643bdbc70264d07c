namespace CooperationApi.Contracts;

/// <summary>The whole record in files, as it stood in one state: what a copy begins with.</summary>
public sealed record ExportManifest
{
    /// <summary>The export's identifier, in its files' addresses.</summary>
    public required string Id { get; init; }

    /// <summary>The life of the store that it was taken from.</summary>
    public required string Epoch { get; init; }

    /// <summary>The number of the last change that is in it.</summary>
    public required long Revision { get; init; }

    /// <summary>The cursor of the feed behind that change: `/v1/changes?cursor=…` has what came after.</summary>
    public required string Cursor { get; init; }

    /// <summary>When it was begun, in UTC.</summary>
    public required string At { get; init; }

    /// <summary>The licence of the content, an SPDX identifier.</summary>
    public required string License { get; init; }

    /// <summary>The files.</summary>
    public required IReadOnlyList<ExportFile> Files { get; init; }

    /// <summary>The export since which the delta tells what changed; absent where there is no delta.</summary>
    public string? PreviousExportId { get; init; }
}

/// <summary>A file of an export, which never changes.</summary>
public sealed record ExportFile
{
    /// <summary>The file's name: `meetings.ndjson.gz`.</summary>
    public required string Name { get; init; }

    /// <summary>The path to fetch it from: with Range, as often as it takes.</summary>
    public required string Link { get; init; }

    /// <summary>What it holds: `records` of one type, the `delta` of all types since the export before, or the whole record as a SQLite `database`.</summary>
    public required string Content { get; init; }

    /// <summary>The type of its records; absent where it has all.</summary>
    public string? Type { get; init; }

    /// <summary>The format inside: `ndjson`, `csv` or `sqlite`.</summary>
    public required string Format { get; init; }

    /// <summary>How it is packed: `gzip` or `zstd`.</summary>
    public required string Compression { get; init; }

    /// <summary>How many records it has, or changes.</summary>
    public required long Rows { get; init; }

    /// <summary>Its length as it is fetched, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The SHA-256 of that, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its length unpacked, in bytes.</summary>
    public required long UncompressedBytes { get; init; }

    /// <summary>The SHA-256 of it unpacked.</summary>
    public required string UncompressedSha256 { get; init; }
}

/// <summary>A line of an export's NDJSON file: a record.</summary>
public sealed record ExportLine
{
    /// <summary>The record's type.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The number of the record's last change.</summary>
    public required long Revision { get; init; }

    /// <summary>The SHA-256 of the record's JSON as it stands in this line, in lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>The record.</summary>
    public required System.Text.Json.JsonElement Data { get; init; }
}

/// <summary>The last line of an export's NDJSON file: without it the file is not whole.</summary>
public sealed record ExportFooter
{
    /// <summary>How many lines stand before this one.</summary>
    public required long Rows { get; init; }

    /// <summary>The SHA-256 of all bytes before this line, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}
