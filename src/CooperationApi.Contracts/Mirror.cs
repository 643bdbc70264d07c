namespace CooperationApi.Contracts;

/// <summary>What a whole copy of the record must come to: how to compute each digest stands with its member.</summary>
public sealed record MirrorDigest
{
    /// <summary>The life of the store.</summary>
    public required string Epoch { get; init; }

    /// <summary>The number of the last change that is in it: only a copy that is at it can be compared.</summary>
    public required long Revision { get; init; }

    /// <summary>One digest per type. None where one part is asked for.</summary>
    public required IReadOnlyList<TypeDigest> Types { get; init; }

    /// <summary>
    /// The 256 parts into which the records of these types fall, to find a difference by; or the one part that is asked for. A record is in the part of the first
    /// two of the eight hexadecimal digits of the CRC-32 of `type/id` (that of zlib and gzip, over the UTF-8 bytes).
    /// </summary>
    public required IReadOnlyList<BucketDigest> Buckets { get; init; }

    /// <summary>The records of the part that is asked for, in the order of its digest's lines.</summary>
    public IReadOnlyList<RecordDigest>? Rows { get; init; }
}

/// <summary>All records of a type.</summary>
public sealed record TypeDigest
{
    /// <summary>The type.</summary>
    public required string Type { get; init; }

    /// <summary>How many records there are.</summary>
    public required long Rows { get; init; }

    /// <summary>The SHA-256, in lower-case hexadecimal, of a line `id revision hash` and a line feed per record, in the order of the identifiers' bytes.</summary>
    public required string Digest { get; init; }
}

/// <summary>The records of one part.</summary>
public sealed record BucketDigest
{
    /// <summary>The part: two hexadecimal digits.</summary>
    public required string Bucket { get; init; }

    /// <summary>How many records there are.</summary>
    public required long Rows { get; init; }

    /// <summary>The SHA-256 of a line `type id revision hash` and a line feed per record, in the order of the bytes of the types and, within one, of the identifiers.</summary>
    public required string Digest { get; init; }
}

/// <summary>A record, by what tells its state from any other.</summary>
public sealed record RecordDigest
{
    /// <summary>The record's type.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The number of its last change.</summary>
    public required long Revision { get; init; }

    /// <summary>The SHA-256 of its JSON.</summary>
    public required string Hash { get; init; }
}
