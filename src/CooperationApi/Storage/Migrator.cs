using System.Globalization;
using CooperationApi.Storage.Sqlite;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>Applies the embedded scripts `Migrations/*.sql`, each once and in order of name, in one transaction.</summary>
internal static class Migrator
{
    public static async Task Migrate(SqliteEngine engine, string path, TimeProvider time)
    {
        var migrations = typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        // The first check takes no lock, so that a start does not wait for a long import.
        if ((await FindPendingMigrations(engine, path, migrations)).Count == 0)
            return;
        await using var connection = engine.OpenWriter();
        await using var transaction = await SqliteEngine.BeginWriteAtStart(connection);
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)");
        var applied = (await connection.QueryAsync<string>("SELECT name FROM migration")).ToHashSet();
        foreach (var name in migrations.Where(name => !applied.Contains(name)))
        {
            using var file = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(name)!);
            await connection.ExecuteAsync(await file.ReadToEndAsync());
            await connection.ExecuteAsync("INSERT INTO migration (name, applied_at) VALUES (@name, @at)",
                new { name, at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture) });
        }
        await connection.ExecuteAsync(
            "INSERT INTO store_version (singleton, epoch, head) VALUES (1, @epoch, 0) ON CONFLICT (singleton) DO NOTHING",
            new { epoch = Database.NewEpoch() });
        await transaction.CommitAsync();
    }

    private static async Task<IReadOnlyList<string>> FindPendingMigrations(SqliteEngine engine, string path, List<string> migrations)
    {
        await using var connection = engine.OpenReader();
        if (!SqliteEngine.HasTable(connection, "migration"))
            return migrations;
        var applied = (await connection.QueryAsync<string>("SELECT name FROM migration")).ToList();
        if (applied.Count > 0 && !applied.Contains(migrations[0]))
            throw new InvalidStoreException(
                $"'{path}' was created by a build before the first release, whose schema is not supported. Move the file away; a new "
                + $"store is created at the next start.");
        if (applied.Except(migrations).FirstOrDefault() is { } unknown)
            throw new InvalidStoreException(
                $"'{path}' was migrated by a newer version of this program (unknown migration '{unknown}'). Use that version.");
        return [.. migrations.Except(applied)];
    }
}
