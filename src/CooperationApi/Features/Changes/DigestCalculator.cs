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

/// <summary>Computes what a whole copy must come to, from the identifiers, revisions and hashes of all records in one state.</summary>
internal sealed class DigestCalculator(Database database, ResourceCatalog catalog)
{
    /// <summary>Into how many parts all records fall.</summary>
    public const int BucketCount = 256;

    // In the order of the index that has all of it.
    private const string LinesSql = "SELECT id || ' ' || revision || ' ' || hash || char(10) FROM record WHERE type = ? ORDER BY id";

    /// <summary>The digests of some types, or of all where none is named; of one part, if it is asked for, with its records.</summary>
    public Task<MirrorDigest> Compute(IReadOnlyList<string> types, int? bucket, CancellationToken cancel) => database.Read(async connection =>
    {
        var version = await Database.ReadVersion(connection);
        var requestedTypes = catalog.Types.Where(type => types.Count == 0 || types.Contains(type)).Order(StringComparer.Ordinal).ToList();
        var typeDigests = new Dictionary<string, TypeDigest>();
        var bucketDigests = Enumerable.Range(0, BucketCount).Select(_ => new LineDigest()).ToArray();
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

    /// <summary>The digests of the types of another file that has the records' identifiers, revisions and hashes in such a table.</summary>
    public Dictionary<string, TypeDigest> ComputeTypeDigests(SqliteConnection connection, CancellationToken cancel) => catalog.Types.ToDictionary(type => type, type =>
    {
        using var digest = new LineDigest();
        ForEachLine(connection, type, digest.Add, cancel);
        return new TypeDigest { Type = type, Rows = digest.Count, Digest = digest.Complete() };
    });

    private static void AddToDigests(SqliteConnection connection, string type, LineDigest typeDigest, LineDigest[] bucketDigests, CancellationToken cancel)
    {
        var bucketSelector = new BucketSelector(type);
        // That of a part has the type before the rest.
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
    /// Reads the line of each record of a type, as SQLite makes it: a string for each column costs more than all the rest (three times, at a million rows), and so does asking
    /// for one column after the other (a fifth).
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

    /// <summary>The names `type/id` of a type's records, and the parts that they fall into.</summary>
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

    /// <summary>The SHA-256 of many short lines, which are handed on together.</summary>
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
