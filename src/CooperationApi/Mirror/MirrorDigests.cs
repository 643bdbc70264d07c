using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Mirror;

/// <summary>Computes what a whole copy must come to, from the identifiers, revisions and hashes of all records in one state.</summary>
internal sealed class MirrorDigests(Database database, Catalog catalog)
{
    /// <summary>Into how many parts all records fall.</summary>
    public const int Parts = 256;

    // In the order of the index that has all of it.
    private const string Lines = "SELECT id || ' ' || revision || ' ' || hash || char(10) FROM record WHERE type = ? ORDER BY id";

    /// <summary>The digests of some types, or of all where none is named; of one part, if it is asked for, with its records.</summary>
    public Task<MirrorDigest> Of(IReadOnlyList<string> types, int? part, CancellationToken cancel) => database.Read(async connection =>
    {
        var mark = await Database.MarkOf(connection);
        var asked = catalog.Types.Where(type => types.Count == 0 || types.Contains(type)).Order(StringComparer.Ordinal).ToList();
        var ofTypes = new Dictionary<string, TypeDigest>();
        var ofParts = Enumerable.Range(0, Parts).Select(_ => new LineDigest()).ToArray();
        var listed = new List<MirrorRow>();
        try
        {
            foreach (var type in asked)
            {
                using var ofType = new LineDigest();
                if (part is null)
                    Read((SqliteConnection)connection, type, ofType, ofParts, cancel);
                else
                    List((SqliteConnection)connection, type, part.Value, listed, ofParts[part.Value], cancel);
                ofTypes[type] = new() { Type = type, Rows = ofType.Count, Digest = ofType.Close() };
            }
            return new MirrorDigest
            {
                Epoch = mark.Epoch,
                Revision = mark.Revision,
                Types = part is null ? [.. catalog.Types.Where(ofTypes.ContainsKey).Select(type => ofTypes[type])] : [],
                Buckets = [.. ofParts.Index().Where(of => part is null || of.Index == part)
                    .Select(of => new BucketDigest { Bucket = of.Index.ToString("x2", CultureInfo.InvariantCulture), Rows = of.Item.Count, Digest = of.Item.Close() })],
                Rows = part is null ? null : listed,
            };
        }
        finally
        {
            foreach (var digest in ofParts)
                digest.Dispose();
        }
    }, cancel);

    /// <summary>The digests of the types of another file that has the records' identifiers, revisions and hashes in such a table.</summary>
    public Dictionary<string, TypeDigest> OfTypes(SqliteConnection file, CancellationToken cancel) => catalog.Types.ToDictionary(type => type, type =>
    {
        using var digest = new LineDigest();
        Each(file, type, digest.Add, cancel);
        return new TypeDigest { Type = type, Rows = digest.Count, Digest = digest.Close() };
    });

    private static void Read(SqliteConnection connection, string type, LineDigest ofType, LineDigest[] ofParts, CancellationToken cancel)
    {
        var name = new RecordName(type);
        // That of a part has the type before the rest.
        var ofPart = new byte[1024];
        var start = Encoding.UTF8.GetBytes(type + " ", ofPart);
        Each(connection, type, line =>
        {
            ofType.Add(line);
            line.CopyTo(ofPart.AsSpan(start));
            ofParts[name.PartOf(IdIn(line))].Add(ofPart.AsSpan(0, start + line.Length));
        }, cancel);
    }

    private static void List(SqliteConnection connection, string type, int part, List<MirrorRow> listed, LineDigest digest, CancellationToken cancel)
    {
        var name = new RecordName(type);
        Each(connection, type, line =>
        {
            if (name.PartOf(IdIn(line)) != part)
                return;
            var words = Encoding.UTF8.GetString(line).TrimEnd().Split(' ');
            listed.Add(new() { Type = type, Id = words[0], Revision = long.Parse(words[1], CultureInfo.InvariantCulture), Hash = words[2] });
            digest.Add(Encoding.UTF8.GetBytes($"{type} {Encoding.UTF8.GetString(line)}"));
        }, cancel);
    }

    private static ReadOnlySpan<byte> IdIn(ReadOnlySpan<byte> line) => line[..line.IndexOf((byte)' ')];

    /// <summary>
    /// Reads the line of each record of a type, as SQLite makes it: a string for each column costs more than all the rest (three times, at a million rows), and so does asking
    /// for one column after the other (a fifth).
    /// </summary>
    private static void Each(SqliteConnection connection, string type, Line line, CancellationToken cancel)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, Lines, out var rows), connection.Handle);
        using (rows)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(rows, 1, type), connection.Handle);
            int code;
            for (var count = 0; (code = raw.sqlite3_step(rows)) == raw.SQLITE_ROW; count++)
            {
                line(raw.sqlite3_column_blob(rows, 0));
                if (count % 4096 == 0)
                    cancel.ThrowIfCancellationRequested();
            }
            if (code != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(code, connection.Handle);
        }
    }

    private delegate void Line(ReadOnlySpan<byte> line);

    /// <summary>The names `type/id` of a type's records, and the parts that they fall into.</summary>
    private sealed class RecordName
    {
        private readonly byte[] name = new byte[512];
        private readonly int start;

        public RecordName(string type) => start = Encoding.UTF8.GetBytes(type + "/", name);

        public int PartOf(ReadOnlySpan<byte> id)
        {
            id.CopyTo(name.AsSpan(start));
            return (int)(Crc32.HashToUInt32(name.AsSpan(0, start + id.Length)) >> 24);
        }
    }

    /// <summary>The SHA-256 of many short lines, which are handed on together.</summary>
    private sealed class LineDigest : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] waiting = new byte[8192];
        private int length;

        public long Count { get; private set; }

        public void Add(ReadOnlySpan<byte> line)
        {
            Count++;
            if (length + line.Length > waiting.Length)
                HandOn();
            line.CopyTo(waiting.AsSpan(length));
            length += line.Length;
        }

        public string Close()
        {
            HandOn();
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        public void Dispose() => hash.Dispose();

        private void HandOn()
        {
            hash.AppendData(waiting, 0, length);
            length = 0;
        }
    }
}
