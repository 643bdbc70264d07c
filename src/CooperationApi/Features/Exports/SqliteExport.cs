using System.Data.Common;
using System.Runtime.CompilerServices;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Features.Exports;

/// <summary>
/// The data set as a SQLite file. Each type has a table with `id`, `revision`, `hash` and `data` (the JSON) of each record, and a virtual
/// generated column per other member. The table `mirror` has one row with epoch, revision and cursor. The file contains only data that the
/// lists of the API return.
/// </summary>
internal sealed class SqliteExport(string path, ResourceCatalog catalog)
{
    private static readonly string[] FixedColumns = ["id", "revision", "hash", "data"];

    /// <summary>Returns the table name of a type: `cooperation_groups` for `cooperation-groups`.</summary>
    public static string GetTableName(string type) => type.Replace('-', '_');

    /// <summary>
    /// Creates the file from one snapshot of the store, without blocking writers. Returns the store version of the snapshot.
    /// </summary>
    public async Task<StoreVersion> Create(Database database, string at, Func<StoreVersion, string> encodeCursor, CancellationToken cancel)
    {
        await using var export = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        await export.OpenAsync(cancel);
        // No journal and no fsync: an incomplete file is discarded, and the compressed files are flushed to disk.
        await export.ExecuteAsync("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
        await export.ExecuteAsync(
            "CREATE TABLE mirror (epoch TEXT NOT NULL, revision INTEGER NOT NULL, cursor TEXT NOT NULL, at TEXT NOT NULL)");
        await using var transaction = await export.BeginTransactionAsync(cancel);
        var version = await database.Read(async connection =>
        {
            foreach (var resource in catalog.All)
                await CopyRecords(connection, export, resource, cancel);
            return await Database.ReadVersion(connection);
        }, cancel);
        await export.ExecuteAsync("INSERT INTO mirror VALUES (@Epoch, @Revision, @cursor, @at)",
            new { version.Epoch, version.Revision, cursor = encodeCursor(version), at });
        await transaction.CommitAsync(cancel);
        return version;
    }

    /// <summary>Returns the records of a type in the byte order of their ids.</summary>
    public async IAsyncEnumerable<ExportedRecord> ReadRecords(string type, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var export = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await export.OpenAsync(cancel);
        await using var rows = await export.ExecuteReaderAsync($"SELECT id, revision, hash, data FROM {GetTableName(type)} ORDER BY rowid");
        while (await rows.ReadAsync(cancel))
            yield return new(rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3));
    }

    private static async Task CopyRecords(DbConnection store, SqliteConnection export, Resource resource, CancellationToken cancel)
    {
        var table = GetTableName(resource.Type);
        await export.ExecuteAsync(
            $"CREATE TABLE {table} (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, hash TEXT NOT NULL, data TEXT NOT NULL)");
        await using var insert = export.CreateCommand();
        insert.CommandText = $"INSERT INTO {table} (id, revision, hash, data) VALUES (@id, @revision, @hash, CAST(@data AS TEXT))";
        (string Name,
            SqliteType Type)[] columns =
                [("@id", SqliteType.Text), ("@revision", SqliteType.Integer), ("@hash", SqliteType.Text), ("@data", SqliteType.Blob)];
        var values = columns.Select(column => insert.Parameters.Add(column.Name, column.Type)).ToArray();
        insert.Prepare();
        await using var rows = await store.ExecuteReaderAsync("SELECT id, revision, hash, body FROM record WHERE type = @Type ORDER BY id",
            new { resource.Type });
        while (await rows.ReadAsync(cancel))
        {
            var (id, hash) = (rows.GetString(0), rows.GetString(2));
            (values[0].Value, values[1].Value, values[2].Value, values[3].Value) =
                (id, rows.GetInt64(1), hash, RecordHash.Verify(id, rows.GetFieldValue<byte[]>(3), hash));
            insert.ExecuteNonQuery();
        }
        // The generated columns are added after the inserts: otherwise SQLite computes them at every insert (measured: 3x).
        foreach (var member in resource.Members.Except(FixedColumns))
            await export.ExecuteAsync($"""ALTER TABLE {table} ADD COLUMN "{member}" AS (data ->> '$.{member}')""");
        // Covering index for the digests of a copy.
        await export.ExecuteAsync($"CREATE INDEX {table}_for_proof ON {table} (id, revision, hash)");
    }
}

/// <summary>A record of the SQLite export.</summary>
internal readonly record struct ExportedRecord(string Id, long Revision, string Hash, byte[] Data);
