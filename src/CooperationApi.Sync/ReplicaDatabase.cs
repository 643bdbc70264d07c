using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace CooperationApi.Sync;

/// <summary>
/// The copy: the SQLite file of an export, updated from the change feed. It has one table per type with `id`, `revision`, `hash` and
/// `data`, the table `mirror` with the epoch, revision and cursor, and the table `sync` with the state of this tool. Concurrent readers see
/// consistent states only.
/// </summary>
internal sealed partial class ReplicaDatabase : IDisposable
{
    private const int CorruptErrorCode = 11, NotADatabaseErrorCode = 26;

    private readonly string path;

    // Opened before and closed after the handles of SQLite: closing any handle of a file drops the POSIX locks that SQLite has on it.
    private readonly SafeFileHandle headerHandle;
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, (SqliteCommand Upsert, SqliteCommand Delete)> statements = [];
    private SqliteTransaction? transaction;

    private ReplicaDatabase(string path)
    {
        this.path = path;
        headerHandle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = 60,
            }.ToString());
    }

    // Begins with the first write after a commit.
    private SqliteTransaction Transaction => transaction ??= connection.BeginTransaction();

    /// <summary>The epoch of the copied store.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>The revision of the copy.</summary>
    public long Revision { get; private set; }

    /// <summary>The cursor of the next page of the feed; null for the start of the feed.</summary>
    public string? Cursor { get; private set; }

    /// <summary>The ETag of the last page of the feed.</summary>
    public string? ETag { get; private set; }

    /// <summary>True if the current content has been verified.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>
    /// True if another program may have written to the file since the last verification, according to SQLite's file change counter.
    /// </summary>
    public bool IsModifiedByOthers { get; private set; }

    /// <summary>The number of records at the last verification.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Opens a copy.</summary>
    /// <exception cref="NotAReplicaException">The file is not a copy of this tool.</exception>
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

    /// <summary>Throws <see cref="NotAReplicaException"/> if the path exists and is not a copy of this tool.</summary>
    public static void EnsureIsReplicaIfExists(string path)
    {
        if (Directory.Exists(path))
            throw new NotAReplicaException(path);
        try
        {
            if (File.Exists(path))
                Open(path).Dispose();
        }
        catch (SqliteException error) when (IsCorruption(error))
        {
            // A run replaces a damaged copy.
        }
    }

    /// <summary>Turns the SQLite file of an export, or an empty file if there is no export, into a copy.</summary>
    public static void Initialize(string path, bool isEmpty)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        if (isEmpty)
        {
            connection.Execute(
                "CREATE TABLE mirror (epoch TEXT NOT NULL, revision INTEGER NOT NULL, cursor TEXT NOT NULL, at TEXT NOT NULL); INSERT "
                + "INTO mirror VALUES ('', 0, '', '')");
            connection.Execute(AnalysisViews.CreateSql);
        }
        // ETag of the last page; verified revision; number of records at this revision; file change counter after this tool's last commit.
        connection.Execute(
            "CREATE TABLE sync (tag TEXT, proved INTEGER, records INTEGER NOT NULL DEFAULT 0, changes INTEGER); INSERT INTO sync DEFAULT "
            + "VALUES");
        transaction.Commit();
    }

    /// <summary>True if the error means that the file is corrupt.</summary>
    public static bool IsCorruption(SqliteException error) => error.SqliteErrorCode is CorruptErrorCode or NotADatabaseErrorCode;

    /// <summary>Returns the types that have a table.</summary>
    public IReadOnlyList<string> ListTypes() =>
        [.. connection.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('mirror', 'sync') ORDER BY name")
            .Select(table => table.Replace('_', '-'))];

    /// <summary>Applies changes in a transaction, which <see cref="CommitPage"/> commits.</summary>
    public void Apply(IEnumerable<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change is { Op: "upsert", Data: { } data, Hash: { } hash })
                Upsert(change.Type, change.Id, change.Revision, hash, data.GetRawText());
            else if (change.Op == "remove")
                Delete(change.Type, change.Id);
            else
                throw new InvalidDataException(
                    $"Change {change.Revision} has the unknown operation '{change.Op}'. Install a newer version of this tool.");
        }
    }

    /// <summary>Inserts or replaces a record. Throws if the data does not match the hash.</summary>
    public void Upsert(string type, string id, long revision, string hash, string data)
    {
        if (ComputeHash(data) != hash)
            throw new InvalidDataException($"The data of {type}/{id} does not match its SHA-256. Run the tool again.");
        var upsert = GetStatements(type).Upsert;
        (upsert.Parameters[0].Value, upsert.Parameters[1].Value, upsert.Parameters[2].Value, upsert.Parameters[3].Value) =
            (id, revision, hash, data);
        upsert.Transaction = Transaction;
        upsert.ExecuteNonQuery();
    }

    /// <summary>Deletes a record, if it exists.</summary>
    public void Delete(string type, string id)
    {
        var delete = GetStatements(type).Delete;
        delete.Parameters[0].Value = id;
        delete.Transaction = Transaction;
        delete.ExecuteNonQuery();
    }

    /// <summary>Commits the applied changes together with the cursor of the next page.</summary>
    public void CommitPage(ChangePage page, string etag, string? epoch = null)
    {
        // page.Revision is the end of the run. Before the last page, the copy is at the revision of the page's last change.
        var revision = page.More ? page.Items.Count > 0 ? page.Items[^1].Revision : Revision : page.Revision;

        connection.Execute("UPDATE mirror SET epoch = @Epoch, revision = @revision, cursor = @Next, at = coalesce(@at, at)",
            new { Epoch = epoch ?? Epoch, revision, page.Next, at = page.Items.Count > 0 ? page.Items[^1].At : null }, Transaction);
        CommitState(etag, verifiedRevision: null);
        (Revision, Cursor, Epoch) = (revision, page.Next, epoch ?? Epoch);
    }

    /// <summary>Commits repairs.</summary>
    public void Commit() => CommitState(ETag, verifiedRevision: null);

    /// <summary>Marks the current content as verified.</summary>
    public void MarkVerified(long recordCount)
    {
        (IsModifiedByOthers, RecordCount) = (false, recordCount);
        CommitState(ETag, Revision);
    }

    /// <summary>
    /// Computes the digests of the types. With <paramref name="hashBodies"/>, hashes the data of each record; otherwise uses the stored
    /// hashes.
    /// </summary>
    public IReadOnlyList<TypeDigest> ComputeTypeDigests(bool hashBodies)
    {
        using var digest = DigestBuilder.ForTypes();
        AddRecords(digest, hashBodies);
        return digest.CompleteTypes();
    }

    /// <summary>Computes the digests of the buckets, as <see cref="ComputeTypeDigests"/> does for the types.</summary>
    public IReadOnlyList<BucketDigest> ComputeBucketDigests(bool hashBodies)
    {
        using var digest = DigestBuilder.ForTypesAndBuckets();
        AddRecords(digest, hashBodies);
        return digest.CompleteBuckets();
    }

    /// <summary>Returns the records of one bucket, with hashes computed from the data.</summary>
    public IReadOnlyList<RecordDigest> ReadBucket(string bucket)
    {
        using var digest = DigestBuilder.ForBucket(Convert.ToInt32(bucket, 16));
        AddRecords(digest, hashBodies: true);
        return digest.BucketRecords!;
    }

    /// <summary>Computes the SHA-256 of a record's data.</summary>
    public static string ComputeHash(string data) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)));

    /// <summary>Returns the data of a record if it is intact; null if the record is damaged or missing.</summary>
    public string? FindIntactData(string type, string id) =>
        connection.QuerySingleOrDefault<(long Revision, string Hash, string Data)?>(
            $"SELECT revision, hash, data FROM {GetTableName(type)} WHERE id = @id", new { id }, transaction) is var (revision, hash, data)
        && IsIntact(id, revision, hash, data) ? data : null;

    /// <summary>
    /// Returns the intact records of a former copy that have other content in this copy at the same revision. A table of the former copy
    /// that cannot be read has no intact records.
    /// </summary>
    public IReadOnlyList<Contradiction> FindContradictions(string formerPath)
    {
        var contradictions = new List<Contradiction>();
        foreach (var type in ListTypes())
        {
            try
            {
                contradictions.AddRange(FindContradictions(formerPath, type));
            }
            catch (SqliteException error) when (IsCorruption(error))
            {
                // The former copy is damaged.
            }
        }
        return contradictions;
    }

    /// <summary>Returns the records of a type in the byte order of their ids.</summary>
    public IEnumerable<(string Id, long Revision, string Hash, byte[] Data)> ReadRecords(string type) =>
        connection.Query<(string, long, string, byte[])>(
            $"SELECT id, revision, hash, CAST(data AS BLOB) FROM {GetTableName(type)} ORDER BY id", buffered: false);

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

    /// <summary>
    /// Returns the quoted table name of a type: `cooperation_groups` for `cooperation-groups`. Throws if the name is not a valid type.
    /// </summary>
    private static string GetTableName(string type) =>
        TypeNamePattern().IsMatch(type) && type is not ("mirror" or "sync") ? $"\"{type.Replace('-', '_')}\""
            : throw new InvalidDataException($"'{type}' is not a valid record type.");

    /// <summary>True if the data matches its hash, and the row has the id and the revision of the data.</summary>
    private static bool IsIntact(string id, long revision, string hash, string data)
    {
        if (ComputeHash(data) != hash)
            return false;
        using var json = JsonDocument.Parse(data);
        return json.RootElement.GetProperty("id").GetString() == id && json.RootElement.GetProperty("revision").GetInt64() == revision;
    }

    private List<Contradiction> FindContradictions(string formerPath, string type)
    {
        var table = GetTableName(type);
        connection.Execute("ATTACH DATABASE @formerPath AS former", new { formerPath });
        try
        {
            var isNewType = connection.QuerySingle<long>(
                "SELECT count(*) FROM former.sqlite_schema WHERE type = 'table' AND name = @name", new { name = table.Trim('"') }) == 0;
            return isNewType ? [] :
            [
                .. from row in connection.Query<(string Id, long Revision, string CopyHash, string CopyData, string Hash, string Data)>(
                    $"SELECT former.id, former.revision, former.hash, former.data, present.hash, present.data FROM former.{table} former "
                    + $"JOIN main.{table} present ON present.id = former.id AND present.revision = former.revision "
                    + "WHERE present.hash <> former.hash", buffered: false)
                   where IsIntact(row.Id, row.Revision, row.CopyHash, row.CopyData)
                   select new Contradiction(type, row.Id, row.Revision, row.CopyHash, row.Hash, row.CopyData, row.Data),
            ];
        }
        finally
        {
            connection.Execute("DETACH DATABASE former");
        }
    }

    private void Load()
    {
        try
        {
            // A copy is never in WAL mode. Opening the database of another program in WAL mode would write files beside it.
            if (ReadHeader(offset: 18) >> 24 == 2)
                throw new NotAReplicaException(path);
            connection.Open();
            // 64 MiB. Changes are spread over the whole file; the default cache of 2 MB would write pages to disk after a few changes.
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
        (ETag, var verifiedRevision, RecordCount, var changeCounter) =
            connection.QuerySingle<(string?, long?, long, long?)>("SELECT tag, proved, records, changes FROM sync");
        IsModifiedByOthers = changeCounter is not null && changeCounter != ReadFileChangeCounter();
        IsVerified = verifiedRevision == Revision && !IsModifiedByOthers;
    }

    private void CommitState(string? etag, long? verifiedRevision)
    {
        // + 1: this transaction increments the counter. -1 never matches, so a write by another program remains detected until the
        // next verification.
        connection.Execute("UPDATE sync SET tag = @etag, proved = @verifiedRevision, records = @RecordCount, changes = @changes",
            new { etag, verifiedRevision, RecordCount, changes = IsModifiedByOthers ? -1 : ReadFileChangeCounter() + 1 }, Transaction);
        Transaction.Commit();
        Transaction.Dispose();
        (transaction, ETag, IsVerified) = (null, etag, verifiedRevision is not null);
    }

    /// <summary>Reads the file change counter from the header of the file (SQLite file format, section 1.3.7).</summary>
    private long ReadFileChangeCounter() => ReadHeader(offset: 24);

    /// <summary>Reads four bytes of the header as a big-endian number; 0 if the file is shorter.</summary>
    private long ReadHeader(int offset)
    {
        Span<byte> bytes = stackalloc byte[4];
        return RandomAccess.Read(headerHandle, bytes, offset) == bytes.Length ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
    }

    /// <summary>Adds all records to a digest, as bytes in the memory of SQLite, without a string per value.</summary>
    private void AddRecords(DigestBuilder digest, bool hashBodies)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        foreach (var type in ListTypes())
        {
            digest.BeginType(type);
            var sql = $"SELECT id, revision, {(hashBodies ? "data" : "hash")} FROM {GetTableName(type)} ORDER BY id";
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, sql, out var statement), connection.Handle);
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
                    var id = raw.sqlite3_column_blob(statement, 0);
                    digest.Add(id, raw.sqlite3_column_int64(statement, 1), hashBodies ? hex : column);
                }
                if (resultCode != raw.SQLITE_DONE)
                    SqliteException.ThrowExceptionForRC(resultCode, connection.Handle);
            }
        }
    }

    private SqliteCommand CreateCommand(string sql)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, Transaction);
        return command;
    }

    private (SqliteCommand Upsert, SqliteCommand Delete) GetStatements(string type)
    {
        if (statements.TryGetValue(type, out var existing))
            return existing;
        var table = GetTableName(type);
        // The type may be newer than the export.
        connection.Execute(
            $"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, hash TEXT NOT NULL, data TEXT NOT NULL); "
            + $"CREATE INDEX IF NOT EXISTS \"{table.Trim('"')}_for_proof\" ON {table} (id, revision, hash)", transaction: Transaction);
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

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex TypeNamePattern();
}

/// <summary>The exception for a file that is not a copy of this tool. The file is not changed.</summary>
internal sealed class NotAReplicaException(string path)
    : Exception($"'{path}' exists and is not a copy created by this tool. Choose another file or delete this one.");
