using System.Data.Common;
using System.Globalization;
using CooperationApi.Storage.Sqlite;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>Creates the upsert of a stored record from its type and body.</summary>
internal delegate RecordUpsert UpsertFactory(string type, byte[] body);

/// <summary>
/// Applies the embedded scripts `Migrations/*.sql`, each once and in order of name, in one transaction. After a script with the marker
/// `-- derive anew`, the same transaction rebuilds the derived data of all records.
/// </summary>
internal static class Migrator
{
    private const string RebuildMarker = "-- derive anew";
    private const int BatchSize = 1000;

    public static async Task Migrate(SqliteEngine engine, string path, TimeProvider time, UpsertFactory createUpsert)
    {
        var migrations = typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        // The first check takes no lock, so that a start does not wait for a long import.
        if ((await FindPendingMigrations(engine, path, migrations)).Count == 0)
            return;
        await using var connection = engine.OpenWriter();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)");
        var applied = (await connection.QueryAsync<string>("SELECT name FROM migration")).ToHashSet();
        var requiresRebuild = false;
        foreach (var name in migrations.Where(name => !applied.Contains(name)))
        {
            using var file = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(name)!);
            var sql = await file.ReadToEndAsync();
            await connection.ExecuteAsync(sql);
            requiresRebuild |= sql.Contains(RebuildMarker, StringComparison.Ordinal);
            await connection.ExecuteAsync("INSERT INTO migration (name, applied_at) VALUES (@name, @at)",
                new { name, at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture) });
        }
        await connection.ExecuteAsync("INSERT INTO feed (one, epoch, head) VALUES (1, @epoch, 0) ON CONFLICT (one) DO NOTHING",
            new { epoch = Database.NewEpoch() });
        if (requiresRebuild)
        {
            using var writer = new RecordWriter(connection, await Database.ReadVersion(connection), actor: "", timestamp: "");
            await writer.RebuildDerivedData(EnumerateRecords(connection, createUpsert));
        }
        await transaction.CommitAsync();
    }

    /// <summary>Returns the upserts of all records, with their row ids.</summary>
    private static async IAsyncEnumerable<(long RowId, RecordUpsert Upsert)> EnumerateRecords(DbConnection connection, UpsertFactory createUpsert)
    {
        for (var lastRowId = 0L; ;)
        {
            var records = (await connection.QueryAsync<(long RowId, string Type, string Id, string Hash, byte[] Body)>(
                "SELECT number, type, id, hash, CAST(body AS BLOB) FROM record WHERE number > @lastRowId ORDER BY number LIMIT @BatchSize", new { lastRowId, BatchSize })).AsList();
            foreach (var record in records)
                yield return (record.RowId, createUpsert(record.Type, RecordHash.Verify(record.Id, record.Body, record.Hash)));
            if (records.Count < BatchSize)
                yield break;
            lastRowId = records[^1].RowId;
        }
    }

    private static async Task<IReadOnlyList<string>> FindPendingMigrations(SqliteEngine engine, string path, IReadOnlyList<string> migrations)
    {
        await using var connection = engine.OpenReader();
        if (!SqliteEngine.HasTable(connection, "migration"))
            return migrations;
        var applied = (await connection.QueryAsync<string>("SELECT name FROM migration")).ToList();
        if (applied.Except(migrations).FirstOrDefault() is { } unknown)
            throw new InvalidStoreException($"'{path}' was migrated by a newer version of this program (unknown migration '{unknown}'). Use that version.");
        return [.. migrations.Except(applied)];
    }
}
