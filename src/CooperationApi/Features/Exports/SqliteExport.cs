using System.Data.Common;
using System.Runtime.CompilerServices;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Sqlite;
using Dapper;

namespace CooperationApi.Features.Exports;

/// <summary>
/// The data set as a SQLite file. Each type has a table with `id`, `revision`, `hash` and `data` (the JSON) of each record, and a virtual
/// generated column per other member. The table `mirror` has one row with epoch, revision and cursor. The views are for analysts. The file
/// contains only data that the lists of the API return.
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
        await using var export = await SqliteFile.OpenForWriting(path, cancel);
        await export.ExecuteAsync(
            "CREATE TABLE mirror (epoch TEXT NOT NULL, revision INTEGER NOT NULL, cursor TEXT NOT NULL, at TEXT NOT NULL)");
        await using var transaction = await export.BeginTransactionAsync(cancel);
        var version = await database.Read(async connection =>
        {
            foreach (var resource in catalog.All)
                await CopyRecords(connection, export, resource, cancel);
            return await Database.ReadVersion(connection);
        }, cancel);
        await export.ExecuteAsync(AnalysisViews.CreateSql);
        await export.ExecuteAsync("INSERT INTO mirror VALUES (@Epoch, @Revision, @cursor, @at)",
            new { version.Epoch, version.Revision, cursor = encodeCursor(version), at });
        await transaction.CommitAsync(cancel);
        return version;
    }

    /// <summary>Returns the records of a type in the byte order of their ids.</summary>
    public async IAsyncEnumerable<(string Id, long Revision, string Hash, byte[] Data)> ReadRecords(string type,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var export = await SqliteFile.OpenForReading(path, cancel);
        await foreach (var row in export.StreamAsync<(string, long, string, byte[])>(
            $"SELECT id, revision, hash, CAST(data AS BLOB) FROM {GetTableName(type)} ORDER BY rowid").WithCancellation(cancel))
            yield return row;
    }

    private static async Task CopyRecords(DbConnection store, DbConnection export, Resource resource, CancellationToken cancel)
    {
        var table = GetTableName(resource.Type);
        await export.ExecuteAsync(
            $"CREATE TABLE {table} (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, hash TEXT NOT NULL, data TEXT NOT NULL)");
        await using var insert = export.CreateCommand();
        insert.CommandText = $"INSERT INTO {table} (id, revision, hash, data) VALUES (@id, @revision, @hash, CAST(@data AS TEXT))";
        var (idParameter, revisionParameter) = (AddParameter("@id"), AddParameter("@revision"));
        var (hashParameter, dataParameter) = (AddParameter("@hash"), AddParameter("@data"));
        await foreach (var (id, revision, hash, body) in store.StreamAsync<(string, long, string, byte[])>(
            "SELECT id, revision, hash, CAST(body AS BLOB) FROM record WHERE type = @Type ORDER BY id", new { resource.Type })
            .WithCancellation(cancel))
        {
            (idParameter.Value, revisionParameter.Value, hashParameter.Value, dataParameter.Value) =
                (id, revision, hash, RecordHash.Verify(id, body, hash));
            insert.ExecuteNonQuery();
        }
        // The generated columns are added after the inserts: otherwise SQLite computes them at every insert (measured: 3x).
        foreach (var member in resource.Members.Except(FixedColumns))
            await export.ExecuteAsync($"""ALTER TABLE {table} ADD COLUMN "{member}" AS (data ->> '$.{member}')""");
        // Covering index for the digests of a copy.
        await export.ExecuteAsync($"CREATE INDEX {table}_for_proof ON {table} (id, revision, hash)");

        DbParameter AddParameter(string name)
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = name;
            insert.Parameters.Add(parameter);
            return parameter;
        }
    }
}
