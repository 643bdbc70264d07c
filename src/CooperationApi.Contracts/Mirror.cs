using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>The digests of the data set, to verify a copy. The description of each digest defines its computation.</summary>
public sealed record MirrorDigest
{
    /// <summary>The epoch of the store.</summary>
    [Epoch]
    public required string Epoch { get; init; }

    /// <summary>The revision of the data set. Only a copy at this revision can be compared.</summary>
    public required long Revision { get; init; }

    /// <summary>One digest per type; empty if a bucket is requested.</summary>
    [Length(0, 100)]
    public required IReadOnlyList<TypeDigest> Types { get; init; }

    /// <summary>
    /// The 256 buckets of the records of these types, to locate a difference, or the requested bucket only. The bucket of a record is the
    /// first two of the eight hexadecimal digits of the CRC-32 (as in zlib and gzip) of `type/id` in UTF-8.
    /// </summary>
    [Length(1, Limits.BucketCount)]
    public required IReadOnlyList<BucketDigest> Buckets { get; init; }

    /// <summary>The records of the requested bucket, in the order of the lines of its digest.</summary>
    [Length(0, 1_000_000)]
    public IReadOnlyList<RecordDigest>? Rows { get; init; }
}

/// <summary>The digest of all records of a type.</summary>
public sealed record TypeDigest
{
    /// <summary>The type.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The number of records.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// The SHA-256, in lower-case hexadecimal, of one line `id revision hash` per record, each ended by a line feed, sorted by the bytes of
    /// the id.
    /// </summary>
    [Sha256]
    public required string Digest { get; init; }
}

/// <summary>The digest of the records of one bucket.</summary>
public sealed record BucketDigest
{
    /// <summary>The bucket: two lower-case hexadecimal digits.</summary>
    [Pattern(Patterns.Bucket, 2)]
    public required string Bucket { get; init; }

    /// <summary>The number of records.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// The SHA-256, in lower-case hexadecimal, of one line `type id revision hash` per record, each ended by a line feed, sorted by the
    /// bytes of the type, then of the id.
    /// </summary>
    [Sha256]
    public required string Digest { get; init; }
}

/// <summary>The revision and hash of a record.</summary>
public sealed record RecordDigest
{
    /// <summary>The record's type.</summary>
    [TypeName]
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The record's revision.</summary>
    public required long Revision { get; init; }

    /// <summary>The SHA-256 of the record's JSON, in lower-case hexadecimal.</summary>
    [Sha256]
    public required string Hash { get; init; }
}
