using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace CooperationApi.Sync;

/// <summary>
/// The copy: the SQLite file of an export, brought forward. A table per type with `id`, `revision`, `hash` and `data`; a table `mirror` with the state that it is in; and of
/// this tool's own a table `sync`. Whoever reads it meanwhile sees one state or the next.
/// </summary>
internal sealed partial class Mirror : IDisposable
{
    // Into how many parts all records fall.
    private const int Parts = 256;

    private const int Corrupt = 11, NotADatabase = 26;

    private readonly string path;

    // Opened before SQLite opens the file and closed after it has closed it: to close any handle of a file drops the locks that SQLite has on it (POSIX).
    private readonly SafeFileHandle header;
    private readonly SqliteConnection file;
    private readonly Dictionary<string, (SqliteCommand Put, SqliteCommand Take)> writers = [];
    private SqliteTransaction? open;

    private Mirror(string path)
    {
        this.path = path;
        header = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 60 }.ToString());
    }

    /// <summary>The life of the store that it is a copy of.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>The number of the last change that is in it.</summary>
    public long Revision { get; private set; }

    /// <summary>Where the feed goes on; null for its beginning.</summary>
    public string? Cursor { get; private set; }

    /// <summary>The tag of the feed's page that was last.</summary>
    public string? Tag { get; private set; }

    /// <summary>Whether it was proved as it stands.</summary>
    public bool IsProved { get; private set; }

    /// <summary>Whether somebody else may have written in it since it was last proved: SQLite counts the changes of a file.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>How many records it had when it was proved.</summary>
    public long Records { get; private set; }

    /// <summary>Opens one.</summary>
    /// <exception cref="NotAMirrorException">It is something else.</exception>
    public static Mirror Open(string path)
    {
        var mirror = new Mirror(path);
        try
        {
            mirror.Load();
            return mirror;
        }
        catch
        {
            mirror.Dispose();
            throw;
        }
    }

    /// <summary>Makes an export's file, or where there is no export an empty one, a mirror.</summary>
    public static void Found(string path, bool isEmpty)
    {
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        file.Open();
        using var founding = file.BeginTransaction();
        if (isEmpty)
            file.Execute("CREATE TABLE mirror (epoch TEXT NOT NULL, revision INTEGER NOT NULL, cursor TEXT NOT NULL, at TEXT NOT NULL); INSERT INTO mirror VALUES ('', 0, '', '')");
        // The tag of the last page; the number up to which it is proved, with how many records; and the count of the file's changes after this tool's last.
        file.Execute("CREATE TABLE sync (tag TEXT, proved INTEGER, records INTEGER NOT NULL DEFAULT 0, changes INTEGER); INSERT INTO sync DEFAULT VALUES");
        founding.Commit();
    }

    /// <summary>Whether this failure says that the file is broken.</summary>
    public static bool IsBroken(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>The types that it has tables for.</summary>
    public IReadOnlyList<string> Types() =>
        [.. file.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('mirror', 'sync') ORDER BY name").Select(table => table.Replace('_', '-'))];

    /// <summary>Carries out changes; they stand when <see cref="Advance"/> is called, all of them or none.</summary>
    public void Apply(IEnumerable<Change> changes)
    {
        open ??= file.BeginTransaction();
        foreach (var change in changes)
        {
            if (change is { Op: "upsert", Data: { } data, Hash: { } hash })
                Put(change.Type, change.Id, change.Revision, hash, data.GetRawText());
            else if (change.Op == "remove")
                Take(change.Type, change.Id);
            else
                throw new InvalidDataException($"Change {change.Revision} of the feed is neither upsert nor remove, but '{change.Op}': a newer version of this tool is needed.");
        }
    }

    /// <summary>Puts a record in its place.</summary>
    public void Put(string type, string id, long revision, string hash, string data)
    {
        open ??= file.BeginTransaction();
        if (HashOf(Encoding.UTF8.GetBytes(data)) != hash)
            throw new InvalidDataException($"{type}/{id} did not arrive as it was sent: its SHA-256 is another.");
        var put = Writers(type).Put;
        (put.Parameters[0].Value, put.Parameters[1].Value, put.Parameters[2].Value, put.Parameters[3].Value) = (id, revision, hash, data);
        put.Transaction = open;
        put.ExecuteNonQuery();
    }

    /// <summary>Takes a record out, if it is there.</summary>
    public void Take(string type, string id)
    {
        open ??= file.BeginTransaction();
        var take = Writers(type).Take;
        take.Parameters[0].Value = id;
        take.Transaction = open;
        take.ExecuteNonQuery();
    }

    /// <summary>Makes what was applied stand, together with where the feed goes on from there.</summary>
    public void Advance(ChangePage page, string tag, string? epoch = null)
    {
        // A run's last number is in it only when the run is over.
        var revision = page.More ? page.Items.Count > 0 ? page.Items[^1].Revision : Revision : page.Revision;
        open ??= file.BeginTransaction();
        file.Execute("UPDATE mirror SET epoch = @Epoch, revision = @revision, cursor = @Next, at = coalesce(@at, at)",
            new { Epoch = epoch ?? Epoch, revision, page.Next, at = page.Items.Count > 0 ? page.Items[^1].At : null }, open);
        Commit(tag, proved: null);
        (Revision, Cursor, Epoch) = (revision, page.Next, epoch ?? Epoch);
    }

    /// <summary>Makes repairs stand.</summary>
    public void Keep() => Commit(Tag, proved: null);

    /// <summary>Remembers that it is proved as it stands.</summary>
    public void Prove(long records)
    {
        (IsTouched, Records) = (false, records);
        Commit(Tag, Revision);
    }

    /// <summary>
    /// The digests of what is in it, per type or, with <paramref name="byPart"/>, per part: as the service computes them. With <paramref name="whole"/> from the
    /// records themselves, otherwise from the hashes that are kept beside them.
    /// </summary>
    public List<(string Name, long Rows, string Digest)> Digests(bool byPart, bool whole)
    {
        var digests = (byPart ? Enumerable.Range(0, Parts).Select(PartName) : Types()).ToDictionary(name => name, _ => (Rows: 0L, Hash: IncrementalHash.CreateHash(HashAlgorithmName.SHA256)));
        foreach (var type in Types())
        {
            var line = new byte[1024];
            var start = byPart ? Encoding.UTF8.GetBytes(type + " ", line) : 0;
            // Compiled well from the first: it is called a million times within the second that a run takes.
            Each(type, whole, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (ReadOnlySpan<byte> id, long revision, ReadOnlySpan<byte> hash) =>
            {
                ref var digest = ref CollectionsMarshal.GetValueRefOrNullRef(digests, byPart ? PartName(PartOf(type, id)) : type);
                digest.Rows++;
                id.CopyTo(line.AsSpan(start));
                var end = start + id.Length;
                line[end++] = (byte)' ';
                Utf8Formatter.TryFormat(revision, line.AsSpan(end), out var digits);
                end += digits;
                line[end++] = (byte)' ';
                hash.CopyTo(line.AsSpan(end));
                end += hash.Length;
                line[end++] = (byte)'\n';
                digest.Hash.AppendData(line.AsSpan(0, end));
            });
        }
        return [.. digests.OrderBy(of => of.Key, StringComparer.Ordinal).Select(of => (of.Key, of.Value.Rows, Convert.ToHexStringLower(of.Value.Hash.GetHashAndReset())))];
    }

    /// <summary>The records of one part, each with the hash of what it really is.</summary>
    public List<MirrorRow> RowsOf(string part)
    {
        var rows = new List<MirrorRow>();
        foreach (var type in Types())
        {
            Each(type, whole: true, (id, revision, hash) =>
            {
                if (PartName(PartOf(type, id)) == part)
                    rows.Add(new() { Type = type, Id = Encoding.UTF8.GetString(id), Revision = revision, Hash = Encoding.UTF8.GetString(hash) });
            });
        }
        return rows;
    }

    /// <summary>Whole records of a type, in the order of their identifiers' bytes.</summary>
    public IEnumerable<(string Id, long Revision, string Hash, string Data)> Read(string type)
    {
        using var command = Command($"SELECT id, revision, hash, data FROM {Table(type)} ORDER BY id");
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return (rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.GetString(3));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        open?.Dispose();
        foreach (var (put, take) in writers.Values)
        {
            put.Dispose();
            take.Dispose();
        }
        file.Dispose();
        header.Dispose();
    }

    private static string HashOf(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static string PartName(int part) => part.ToString("x2", CultureInfo.InvariantCulture);

    private static int PartOf(string type, ReadOnlySpan<byte> id)
    {
        var crc = new Crc32();
        crc.Append(Encoding.UTF8.GetBytes(type + "/"));
        crc.Append(id);
        return (int)(crc.GetCurrentHashAsUInt32() >> 24);
    }

    /// <summary>The table of a type: `cooperation-groups` as `cooperation_groups`. What the service calls a type goes into SQL only if it can be one.</summary>
    private static string Table(string type) => TypeName().IsMatch(type) && type is not ("mirror" or "sync") ? $"\"{type.Replace('-', '_')}\""
        : throw new InvalidDataException($"'{type}' is no type of records.");

    private void Load()
    {
        try
        {
            file.Open();
            // In KiB. Changes are spread over the whole file: with the usual 2 MB each few of them were flushed before the next.
            file.Execute("PRAGMA cache_size = -65536");
            if (file.QuerySingle<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('mirror', 'sync')") != 2)
                throw new NotAMirrorException(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == NotADatabase)
        {
            throw new NotAMirrorException(path);
        }
        (Epoch, Revision, var cursor) = file.QuerySingle<(string, long, string)>("SELECT epoch, revision, cursor FROM mirror");
        Cursor = cursor.Length == 0 ? null : cursor;
        (Tag, var proved, Records, var changes) = file.QuerySingle<(string?, long?, long, long?)>("SELECT tag, proved, records, changes FROM sync");
        IsTouched = changes is not null && changes != CountOfChanges();
        IsProved = proved == Revision && !IsTouched;
    }

    private void Commit(string? tag, long? proved)
    {
        open ??= file.BeginTransaction();
        // One more with this transaction. What somebody else has written is not forgotten before it is proved.
        file.Execute("UPDATE sync SET tag = @tag, proved = @proved, records = @Records, changes = @changes", new { tag, proved, Records, changes = IsTouched ? -1 : CountOfChanges() + 1 }, open);
        open.Commit();
        open.Dispose();
        (open, Tag, IsProved) = (null, tag, proved is not null);
    }

    /// <summary>The count of changes in the file's header (SQLite's file format, 1.3.7).</summary>
    private long CountOfChanges()
    {
        Span<byte> count = stackalloc byte[4];
        return RandomAccess.Read(header, count, fileOffset: 24) == count.Length ? BinaryPrimitives.ReadUInt32BigEndian(count) : 0;
    }

    /// <summary>Reads what a digest is made of as the bytes that SQLite has, in the order of the identifiers: a string for each costs more than all the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Each(string type, bool whole, Row row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(file.Handle, $"SELECT id, revision, {(whole ? "data" : "hash")} FROM {Table(type)} ORDER BY id", out var rows), file.Handle);
        using (rows)
        {
            int code;
            while ((code = raw.sqlite3_step(rows)) == raw.SQLITE_ROW)
            {
                var kept = raw.sqlite3_column_blob(rows, 2);
                if (whole)
                {
                    SHA256.HashData(kept, hash);
                    Convert.TryToHexStringLower(hash, hex, out _);
                }
                row(raw.sqlite3_column_blob(rows, 0), raw.sqlite3_column_int64(rows, 1), whole ? hex : kept);
            }
            if (code != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(code, file.Handle);
        }
    }

    private SqliteCommand Command(string sql)
    {
        var command = file.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, open);
        return command;
    }

    private (SqliteCommand Put, SqliteCommand Take) Writers(string type)
    {
        if (writers.TryGetValue(type, out var made))
            return made;
        var table = Table(type);
        // A type that came after the export was made.
        file.Execute($"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, hash TEXT NOT NULL, data TEXT NOT NULL); "
            + $"CREATE INDEX IF NOT EXISTS \"{table.Trim('"')}_for_proof\" ON {table} (id, revision, hash)", transaction: open);
        var put = Command($"INSERT INTO {table} (id, revision, hash, data) VALUES (@id, @revision, @hash, @data) "
            + "ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, hash = excluded.hash, data = excluded.data");
        put.Parameters.Add("@id", SqliteType.Text);
        put.Parameters.Add("@revision", SqliteType.Integer);
        put.Parameters.Add("@hash", SqliteType.Text);
        put.Parameters.Add("@data", SqliteType.Text);
        var take = Command($"DELETE FROM {table} WHERE id = @id");
        take.Parameters.Add("@id", SqliteType.Text);
        return writers[type] = (put, take);
    }

    private delegate void Row(ReadOnlySpan<byte> id, long revision, ReadOnlySpan<byte> hash);

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex TypeName();
}

/// <summary>What stands where the copy is to be is something else, and stays.</summary>
internal sealed class NotAMirrorException(string path) : Exception($"'{path}' is there and is no copy that this tool made. It is left as it is: name another file, or remove it.");
