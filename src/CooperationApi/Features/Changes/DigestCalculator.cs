using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Features.Changes;

/// <summary>Computes the digests of the data set from the ids, revisions and hashes of all records at one revision.</summary>
internal sealed class DigestCalculator(Database database, ResourceCatalog catalog)
{
    // In the order of the covering index.
    private const string LinesSql = "SELECT id || ' ' || revision || ' ' || hash || char(10) FROM record WHERE type = ? ORDER BY id";

    /// <summary>
    /// Computes the digests of some types, or of all types if the list is empty. With a bucket, computes its digest and lists its records.
    /// </summary>
    public Task<MirrorDigest> Compute(IReadOnlyList<string> types, int? bucket, CancellationToken cancel) => database.Read(async connection =>
    {
        var version = await Database.ReadVersion(connection);
        var requestedTypes = catalog.Types.Where(type => types.Count == 0 || types.Contains(type)).Order(StringComparer.Ordinal).ToList();
        var typeDigests = new Dictionary<string, TypeDigest>();
        var bucketDigests = Enumerable.Range(0, Limits.BucketCount).Select(_ => new LineDigest()).ToArray();
        var rows = new List<RecordDigest>();
        try
        {
            foreach (var type in requestedTypes)
            {
                using var typeDigest = new LineDigest();
                if (bucket is null)
                    AddToDigests((SqliteConnection)connection, type, typeDigest, bucketDigests, cancel);
                else
                    ListBucket((SqliteConnection)connection, type, bucket.Value, rows, bucketDigests[bucket.Value], cancel);
                typeDigests[type] = new() { Type = type, Rows = typeDigest.Count, Digest = typeDigest.Complete() };
            }
            return new MirrorDigest
            {
                Epoch = version.Epoch,
                Revision = version.Revision,
                Types = bucket is null ? [.. catalog.Types.Where(typeDigests.ContainsKey).Select(type => typeDigests[type])] : [],
                Buckets = [.. bucketDigests.Index().Where(entry => bucket is null || entry.Index == bucket)
                    .Select(entry => new BucketDigest { Bucket = entry.Index.ToString("x2", CultureInfo.InvariantCulture), Rows = entry.Item.Count, Digest = entry.Item.Complete() })],
                Rows = bucket is null ? null : rows,
            };
        }
        finally
        {
            foreach (var digest in bucketDigests)
                digest.Dispose();
        }
    }, cancel);

    /// <summary>Computes the type digests of another database that has the ids, revisions and hashes in a table `record`.</summary>
    public Dictionary<string, TypeDigest> ComputeTypeDigests(SqliteConnection connection, CancellationToken cancel) => catalog.Types.ToDictionary(type => type, type =>
    {
        using var digest = new LineDigest();
        ForEachLine(connection, type, digest.Add, cancel);
        return new TypeDigest { Type = type, Rows = digest.Count, Digest = digest.Complete() };
    });

    private static void AddToDigests(SqliteConnection connection, string type, LineDigest typeDigest, LineDigest[] bucketDigests, CancellationToken cancel)
    {
        var bucketSelector = new BucketSelector(type);
        // The lines of a bucket digest start with the type.
        var bucketLine = new byte[1024];
        var prefixLength = Encoding.UTF8.GetBytes(type + " ", bucketLine);
        ForEachLine(connection, type, line =>
        {
            typeDigest.Add(line);
            line.CopyTo(bucketLine.AsSpan(prefixLength));
            bucketDigests[bucketSelector.GetBucket(ParseId(line))].Add(bucketLine.AsSpan(0, prefixLength + line.Length));
        }, cancel);
    }

    private static void ListBucket(SqliteConnection connection, string type, int bucket, List<RecordDigest> rows, LineDigest digest, CancellationToken cancel)
    {
        var bucketSelector = new BucketSelector(type);
        ForEachLine(connection, type, line =>
        {
            if (bucketSelector.GetBucket(ParseId(line)) != bucket)
                return;
            var fields = Encoding.UTF8.GetString(line).TrimEnd().Split(' ');
            rows.Add(new() { Type = type, Id = fields[0], Revision = long.Parse(fields[1], CultureInfo.InvariantCulture), Hash = fields[2] });
            digest.Add(Encoding.UTF8.GetBytes($"{type} {Encoding.UTF8.GetString(line)}"));
        }, cancel);
    }

    private static ReadOnlySpan<byte> ParseId(ReadOnlySpan<byte> line) => line[..line.IndexOf((byte)' ')];

    /// <summary>
    /// Reads one line per record of a type. SQLite concatenates the columns: at a million rows, one string per column takes three times as
    /// long, and one call per column takes a fifth longer.
    /// </summary>
    private static void ForEachLine(SqliteConnection connection, string type, LineHandler handleLine, CancellationToken cancel)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, LinesSql, out var statement), connection.Handle);
        using (statement)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(statement, 1, type), connection.Handle);
            int resultCode;
            for (var count = 0; (resultCode = raw.sqlite3_step(statement)) == raw.SQLITE_ROW; count++)
            {
                handleLine(raw.sqlite3_column_blob(statement, 0));
                if (count % 4096 == 0)
                    cancel.ThrowIfCancellationRequested();
            }
            if (resultCode != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(resultCode, connection.Handle);
        }
    }

    private delegate void LineHandler(ReadOnlySpan<byte> line);

    /// <summary>Maps the records of a type to buckets, by the CRC-32 of `type/id`.</summary>
    private sealed class BucketSelector
    {
        private readonly byte[] buffer = new byte[512];
        private readonly int prefixLength;

        public BucketSelector(string type) => prefixLength = Encoding.UTF8.GetBytes(type + "/", buffer);

        public int GetBucket(ReadOnlySpan<byte> id)
        {
            id.CopyTo(buffer.AsSpan(prefixLength));
            return (int)(Crc32.HashToUInt32(buffer.AsSpan(0, prefixLength + id.Length)) >> 24);
        }
    }

    /// <summary>Computes the SHA-256 of many short lines, and passes them to the hash function in blocks of up to 8 KiB.</summary>
    private sealed class LineDigest : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] buffer = new byte[8192];
        private int bufferedBytes;

        public long Count { get; private set; }

        public void Add(ReadOnlySpan<byte> line)
        {
            Count++;
            if (bufferedBytes + line.Length > buffer.Length)
                Flush();
            line.CopyTo(buffer.AsSpan(bufferedBytes));
            bufferedBytes += line.Length;
        }

        public string Complete()
        {
            Flush();
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        public void Dispose() => hash.Dispose();

        private void Flush()
        {
            hash.AppendData(buffer, 0, bufferedBytes);
            bufferedBytes = 0;
        }
    }
}
