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
internal sealed partial class ReplicaDatabase : IDisposable
{
    // Into how many parts all records fall.
    private const int BucketCount = 256;

    private const int CorruptErrorCode = 11, NotADatabaseErrorCode = 26;

    private readonly string path;

    // Opened before SQLite opens the file and closed after it has closed it: to close any handle of a file drops the locks that SQLite has on it (POSIX).
    private readonly SafeFileHandle headerHandle;
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, (SqliteCommand Put, SqliteCommand Take)> statements = [];
    private SqliteTransaction? transaction;

    private ReplicaDatabase(string path)
    {
        this.path = path;
        headerHandle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 60 }.ToString());
    }

    /// <summary>The life of the store that it is a copy of.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>The number of the last change that is in it.</summary>
    public long Revision { get; private set; }

    /// <summary>Where the feed goes on; null for its beginning.</summary>
    public string? Cursor { get; private set; }

    /// <summary>The tag of the feed's page that was last.</summary>
    public string? ETag { get; private set; }

    /// <summary>Whether it was proved as it stands.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Whether somebody else may have written in it since it was last proved: SQLite counts the changes of a file.</summary>
    public bool IsModifiedByOthers { get; private set; }

    /// <summary>How many records it had when it was proved.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Opens one.</summary>
    /// <exception cref="NotAReplicaException">It is something else.</exception>
    public static ReplicaDatabase Open(string path)
    {
        var replica = new ReplicaDatabase(path);
        try
        {
            replica.Load();
            return replica;
        }
        catch
        {
            replica.Dispose();
            throw;
        }
    }

    /// <summary>Makes an export's file, or where there is no export an empty one, a mirror.</summary>
    public static void Initialize(string path, bool isEmpty)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        if (isEmpty)
            connection.Execute("CREATE TABLE mirror (epoch TEXT NOT NULL, revision INTEGER NOT NULL, cursor TEXT NOT NULL, at TEXT NOT NULL); INSERT INTO mirror VALUES ('', 0, '', '')");
        // The tag of the last page; the number up to which it is proved, with how many records; and the count of the file's changes after this tool's last.
        connection.Execute("CREATE TABLE sync (tag TEXT, proved INTEGER, records INTEGER NOT NULL DEFAULT 0, changes INTEGER); INSERT INTO sync DEFAULT VALUES");
        transaction.Commit();
    }

    /// <summary>Whether this failure says that the file is broken.</summary>
    public static bool IsCorruption(SqliteException error) => error.SqliteErrorCode is CorruptErrorCode or NotADatabaseErrorCode;

    /// <summary>The types that it has tables for.</summary>
    public IReadOnlyList<string> ListTypes() =>
        [.. connection.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('mirror', 'sync') ORDER BY name").Select(table => table.Replace('_', '-'))];

    /// <summary>Carries out changes; they stand when <see cref="CommitPage"/> is called, all of them or none.</summary>
    public void Apply(IEnumerable<Change> changes)
    {
        transaction ??= connection.BeginTransaction();
        foreach (var change in changes)
        {
            if (change is { Op: "upsert", Data: { } data, Hash: { } hash })
                Upsert(change.Type, change.Id, change.Revision, hash, data.GetRawText());
            else if (change.Op == "remove")
                Delete(change.Type, change.Id);
            else
                throw new InvalidDataException($"Change {change.Revision} of the feed is neither upsert nor remove, but '{change.Op}': a newer version of this tool is needed.");
        }
    }

    /// <summary>Puts a record in its place.</summary>
    public void Upsert(string type, string id, long revision, string hash, string data)
    {
        transaction ??= connection.BeginTransaction();
        if (ComputeHash(Encoding.UTF8.GetBytes(data)) != hash)
            throw new InvalidDataException($"{type}/{id} did not arrive as it was sent: its SHA-256 is another.");
        var upsert = GetStatements(type).Put;
        (upsert.Parameters[0].Value, upsert.Parameters[1].Value, upsert.Parameters[2].Value, upsert.Parameters[3].Value) = (id, revision, hash, data);
        upsert.Transaction = transaction;
        upsert.ExecuteNonQuery();
    }

    /// <summary>Takes a record out, if it is there.</summary>
    public void Delete(string type, string id)
    {
        transaction ??= connection.BeginTransaction();
        var delete = GetStatements(type).Take;
        delete.Parameters[0].Value = id;
        delete.Transaction = transaction;
        delete.ExecuteNonQuery();
    }

    /// <summary>Makes what was applied stand, together with where the feed goes on from there.</summary>
    public void CommitPage(ChangePage page, string etag, string? epoch = null)
    {
        // A run's last number is in it only when the run is over.
        var revision = page.More ? page.Items.Count > 0 ? page.Items[^1].Revision : Revision : page.Revision;
        transaction ??= connection.BeginTransaction();
        connection.Execute("UPDATE mirror SET epoch = @Epoch, revision = @revision, cursor = @Next, at = coalesce(@at, at)",
            new { Epoch = epoch ?? Epoch, revision, page.Next, at = page.Items.Count > 0 ? page.Items[^1].At : null }, transaction);
        CommitState(etag, verifiedRevision: null);
        (Revision, Cursor, Epoch) = (revision, page.Next, epoch ?? Epoch);
    }

    /// <summary>Makes repairs stand.</summary>
    public void Commit() => CommitState(ETag, verifiedRevision: null);

    /// <summary>Remembers that it is proved as it stands.</summary>
    public void MarkVerified(long recordCount)
    {
        (IsModifiedByOthers, RecordCount) = (false, recordCount);
        CommitState(ETag, Revision);
    }

    /// <summary>
    /// The digests of what is in it, per type or, with <paramref name="byBucket"/>, per part: as the service computes them. With <paramref name="hashBodies"/> from the
    /// records themselves, otherwise from the hashes that are kept beside them.
    /// </summary>
    public List<(string Name, long Rows, string Digest)> ComputeDigests(bool byBucket, bool hashBodies)
    {
        var digests = (byBucket ? Enumerable.Range(0, BucketCount).Select(FormatBucket) : ListTypes()).ToDictionary(name => name, _ => (Rows: 0L, Hash: IncrementalHash.CreateHash(HashAlgorithmName.SHA256)));
        foreach (var type in ListTypes())
        {
            var line = new byte[1024];
            var start = byBucket ? Encoding.UTF8.GetBytes(type + " ", line) : 0;
            // Compiled well from the first: it is called a million times within the second that a run takes.
            ForEachRow(type, hashBodies, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (ReadOnlySpan<byte> id, long revision, ReadOnlySpan<byte> hash) =>
            {
                ref var digest = ref CollectionsMarshal.GetValueRefOrNullRef(digests, byBucket ? FormatBucket(BucketOf(type, id)) : type);
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
        return [.. digests.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value.Rows, Convert.ToHexStringLower(entry.Value.Hash.GetHashAndReset())))];
    }

    /// <summary>The records of one part, each with the hash of what it really is.</summary>
    public List<RecordDigest> ReadBucket(string bucket)
    {
        var rows = new List<RecordDigest>();
        foreach (var type in ListTypes())
        {
            ForEachRow(type, hashBodies: true, (id, revision, hash) =>
            {
                if (FormatBucket(BucketOf(type, id)) == bucket)
                    rows.Add(new() { Type = type, Id = Encoding.UTF8.GetString(id), Revision = revision, Hash = Encoding.UTF8.GetString(hash) });
            });
        }
        return rows;
    }

    /// <summary>Whole records of a type, in the order of their identifiers' bytes.</summary>
    public IEnumerable<(string Id, long Revision, string Hash, string Data)> ReadRecords(string type)
    {
        using var command = CreateCommand($"SELECT id, revision, hash, data FROM {GetTableName(type)} ORDER BY id");
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return (rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.GetString(3));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        transaction?.Dispose();
        foreach (var (upsert, delete) in statements.Values)
        {
            upsert.Dispose();
            delete.Dispose();
        }
        connection.Dispose();
        headerHandle.Dispose();
    }

    private static string ComputeHash(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static string FormatBucket(int bucket) => bucket.ToString("x2", CultureInfo.InvariantCulture);

    private static int BucketOf(string type, ReadOnlySpan<byte> id)
    {
        var crc = new Crc32();
        crc.Append(Encoding.UTF8.GetBytes(type + "/"));
        crc.Append(id);
        return (int)(crc.GetCurrentHashAsUInt32() >> 24);
    }

    /// <summary>The table of a type: `cooperation-groups` as `cooperation_groups`. What the service calls a type goes into SQL only if it can be one.</summary>
    private static string GetTableName(string type) => TypeNamePattern().IsMatch(type) && type is not ("mirror" or "sync") ? $"\"{type.Replace('-', '_')}\""
        : throw new InvalidDataException($"'{type}' is no type of records.");

    private void Load()
    {
        try
        {
            connection.Open();
            // In KiB. Changes are spread over the whole file: with the usual 2 MB each few of them were flushed before the next.
            connection.Execute("PRAGMA cache_size = -65536");
            if (connection.QuerySingle<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('mirror', 'sync')") != 2)
                throw new NotAReplicaException(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == NotADatabaseErrorCode)
        {
            throw new NotAReplicaException(path);
        }
        (Epoch, Revision, var cursor) = connection.QuerySingle<(string, long, string)>("SELECT epoch, revision, cursor FROM mirror");
        Cursor = cursor.Length == 0 ? null : cursor;
        (ETag, var verifiedRevision, RecordCount, var changeCounter) = connection.QuerySingle<(string?, long?, long, long?)>("SELECT tag, proved, records, changes FROM sync");
        IsModifiedByOthers = changeCounter is not null && changeCounter != ReadFileChangeCounter();
        IsVerified = verifiedRevision == Revision && !IsModifiedByOthers;
    }

    private void CommitState(string? etag, long? verifiedRevision)
    {
        transaction ??= connection.BeginTransaction();
        // One more with this transaction. What somebody else has written is not forgotten before it is proved.
        connection.Execute("UPDATE sync SET tag = @etag, proved = @verifiedRevision, records = @RecordCount, changes = @changes", new { etag, verifiedRevision, RecordCount, changes = IsModifiedByOthers ? -1 : ReadFileChangeCounter() + 1 }, transaction);
        transaction.Commit();
        transaction.Dispose();
        (transaction, ETag, IsVerified) = (null, etag, verifiedRevision is not null);
    }

    /// <summary>The count of changes in the file's header (SQLite's file format, 1.3.7).</summary>
    private long ReadFileChangeCounter()
    {
        Span<byte> counter = stackalloc byte[4];
        return RandomAccess.Read(headerHandle, counter, fileOffset: 24) == counter.Length ? BinaryPrimitives.ReadUInt32BigEndian(counter) : 0;
    }

    /// <summary>Reads what a digest is made of as the bytes that SQLite has, in the order of the identifiers: a string for each costs more than all the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForEachRow(string type, bool hashBodies, RowVisitor visit)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, $"SELECT id, revision, {(hashBodies ? "data" : "hash")} FROM {GetTableName(type)} ORDER BY id", out var statement), connection.Handle);
        using (statement)
        {
            int resultCode;
            while ((resultCode = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
            {
                var column = raw.sqlite3_column_blob(statement, 2);
                if (hashBodies)
                {
                    SHA256.HashData(column, hash);
                    Convert.TryToHexStringLower(hash, hex, out _);
                }
                visit(raw.sqlite3_column_blob(statement, 0), raw.sqlite3_column_int64(statement, 1), hashBodies ? hex : column);
            }
            if (resultCode != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(resultCode, connection.Handle);
        }
    }

    private SqliteCommand CreateCommand(string sql)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        return command;
    }

    private (SqliteCommand Put, SqliteCommand Take) GetStatements(string type)
    {
        if (statements.TryGetValue(type, out var existing))
            return existing;
        var table = GetTableName(type);
        // A type that came after the export was made.
        connection.Execute($"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, hash TEXT NOT NULL, data TEXT NOT NULL); "
            + $"CREATE INDEX IF NOT EXISTS \"{table.Trim('"')}_for_proof\" ON {table} (id, revision, hash)", transaction: transaction);
        var upsert = CreateCommand($"INSERT INTO {table} (id, revision, hash, data) VALUES (@id, @revision, @hash, @data) "
            + "ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, hash = excluded.hash, data = excluded.data");
        upsert.Parameters.Add("@id", SqliteType.Text);
        upsert.Parameters.Add("@revision", SqliteType.Integer);
        upsert.Parameters.Add("@hash", SqliteType.Text);
        upsert.Parameters.Add("@data", SqliteType.Text);
        var delete = CreateCommand($"DELETE FROM {table} WHERE id = @id");
        delete.Parameters.Add("@id", SqliteType.Text);
        return statements[type] = (upsert, delete);
    }

    private delegate void RowVisitor(ReadOnlySpan<byte> id, long revision, ReadOnlySpan<byte> hash);

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex TypeNamePattern();
}

/// <summary>What stands where the copy is to be is something else, and stays.</summary>
internal sealed class NotAReplicaException(string path) : Exception($"'{path}' is there and is no copy that this tool made. It is left as it is: name another file, or remove it.");
