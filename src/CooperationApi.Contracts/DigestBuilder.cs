using System.Buffers.Text;
using System.Text;

namespace CooperationApi.Contracts;

/// <summary>
/// Computes the digests that <see cref="TypeDigest.Digest"/>, <see cref="BucketDigest.Digest"/> and <see cref="MirrorDigest.Buckets"/>
/// define. The types are added in the order of their bytes, the records of a type in the order of the bytes of their ids. This command
/// computes the digest of a type from the SQLite file of an export:
/// <code>sqlite3 cooperation.db "SELECT id || ' ' || revision || ' ' || hash FROM meetings ORDER BY id" | sha256sum</code>
/// </summary>
public sealed class DigestBuilder : IDisposable
{
    // CRC-32 as in zlib and gzip: reflected polynomial 0xEDB88320, initial value and final XOR 0xFFFFFFFF.
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(value =>
        Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320))];

    private readonly List<(string Type, LineDigest Digest)> types = [];
    private readonly LineDigest?[]? buckets;
    private readonly List<RecordDigest>? bucketRecords;

    // The line of a record in the digest of its bucket. Behind the type, it is the line in the digest of the type.
    private readonly byte[] line = new byte[1024];
    private string type = "";
    private int typeLength;
    private uint typeCrc;
    private LineDigest? typeDigest;

    private DigestBuilder(IEnumerable<int>? buckets, List<RecordDigest>? bucketRecords)
    {
        this.bucketRecords = bucketRecords;
        if (buckets is null)
            return;
        this.buckets = new LineDigest?[Limits.BucketCount];
        foreach (var bucket in buckets)
            this.buckets[bucket] = new();
    }

    /// <summary>The records of the bucket; null if the builder is not for one bucket.</summary>
    public IReadOnlyList<RecordDigest>? BucketRecords => bucketRecords;

    /// <summary>Creates a builder of the digests of the types.</summary>
    public static DigestBuilder ForTypes() => new(buckets: null, bucketRecords: null);

    /// <summary>Creates a builder of the digests of the types and of all buckets.</summary>
    public static DigestBuilder ForTypesAndBuckets() => new(Enumerable.Range(0, Limits.BucketCount), bucketRecords: null);

    /// <summary>Creates a builder of the digest of one bucket, which also lists the records of the bucket.</summary>
    public static DigestBuilder ForBucket(int bucket) => new([bucket], []);

    /// <summary>Begins the next type.</summary>
    public void BeginType(string name)
    {
        type = name;
        typeLength = Encoding.UTF8.GetBytes(name + " ", line);
        typeCrc = UpdateCrc(uint.MaxValue, Encoding.UTF8.GetBytes(name + "/"));
        if (bucketRecords is null)
            types.Add((name, typeDigest = new()));
    }

    /// <summary>Adds the next record of the type: its id and hash in UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> id, long revision, ReadOnlySpan<byte> hash)
    {
        var bucketDigest = buckets?[~UpdateCrc(typeCrc, id) >> 24];
        if (typeDigest is null && bucketDigest is null)
            return;
        var position = typeLength;
        id.CopyTo(line.AsSpan(position));
        position += id.Length;
        line[position++] = (byte)' ';
        Utf8Formatter.TryFormat(revision, line.AsSpan(position), out var digits);
        position += digits;
        line[position++] = (byte)' ';
        hash.CopyTo(line.AsSpan(position));
        position += hash.Length;
        line[position++] = (byte)'\n';
        typeDigest?.Add(line.AsSpan(typeLength, position - typeLength));
        bucketDigest?.Add(line.AsSpan(0, position));
        bucketRecords?.Add(new()
        {
            Type = type,
            Id = Encoding.UTF8.GetString(id),
            Revision = revision,
            Hash = Encoding.UTF8.GetString(hash),
        });
    }

    /// <summary>Returns the digests of the types, in the order in which they were added.</summary>
    public IReadOnlyList<TypeDigest> CompleteTypes() =>
        [.. types.Select(entry => new TypeDigest { Type = entry.Type, Rows = entry.Digest.Count, Digest = entry.Digest.Complete() })];

    /// <summary>Returns the digests of the buckets.</summary>
    public IReadOnlyList<BucketDigest> CompleteBuckets() =>
    [
        .. from entry in (buckets ?? []).Select((digest, index) => (Index: index, Item: digest))
           where entry.Item is not null
           select new BucketDigest { Bucket = $"{entry.Index:x2}", Rows = entry.Item.Count, Digest = entry.Item.Complete() },
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var digest in types.Select(entry => entry.Digest).Concat(buckets ?? []))
            digest?.Dispose();
    }

    private static uint UpdateCrc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    /// <summary>Computes the SHA-256 of many short lines, and passes them to the hash function in blocks of 8 KiB.</summary>
    private sealed class LineDigest : IDisposable
    {
        private readonly HashingStream hash = new();
        private readonly BufferedStream lines;

        public LineDigest() => lines = new(hash, 8192);

        public long Count { get; private set; }

        public void Add(ReadOnlySpan<byte> line)
        {
            Count++;
            lines.Write(line);
        }

        public string Complete()
        {
            lines.Flush();
            return hash.GetSha256();
        }

        public void Dispose() => lines.Dispose();
    }
}
