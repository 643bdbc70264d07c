using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Storage.Sqlite;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// Applies the embedded scripts `Migrations/*.sql`, each once and in order of name, in one transaction. The store has the SHA-256 of each
/// applied script, so that a store with another schema is refused.
/// </summary>
internal static class Migrator
{
    private const string CreateTableSql =
        "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL)";

    public static async Task Migrate(SqliteEngine engine, string path, TimeProvider time)
    {
        var migrations = ReadMigrations();
        // The first check takes no lock, so that a start does not wait for a long import.
        if (!await HasPendingMigrations(engine, path, migrations))
            return;
        await using var connection = engine.OpenWriter();
        await using var transaction = await SqliteEngine.BeginWriteAtStart(connection);
        await connection.ExecuteAsync(CreateTableSql);
        var applied = (await connection.QueryAsync<string>("SELECT name FROM schema_migration")).ToHashSet();
        foreach (var migration in migrations.Where(migration => !applied.Contains(migration.Name)))
        {
            await connection.ExecuteAsync(migration.Sql);
            await connection.ExecuteAsync("INSERT INTO schema_migration (name, sha256, applied_at) VALUES (@Name, @Sha256, @at)",
                new { migration.Name, migration.Sha256, at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture) });
        }
        await connection.ExecuteAsync(
            "INSERT INTO store_version (singleton, epoch, head) VALUES (1, @epoch, 0) ON CONFLICT (singleton) DO NOTHING",
            new { epoch = Database.NewEpoch() });
        await transaction.CommitAsync();
    }

    private static async Task<bool> HasPendingMigrations(SqliteEngine engine, string path, List<Migration> migrations)
    {
        await using var connection = engine.OpenReader();
        if (!SqliteEngine.HasTable(connection, "schema_migration"))
        {
            // Builds before the checksums had this table.
            return SqliteEngine.HasTable(connection, "migration") ? throw CreateOldBuildException(path) : true;
        }
        var applied = (await connection.QueryAsync<(string Name, string Sha256)>("SELECT name, sha256 FROM schema_migration")).ToList();
        if (applied.FirstOrDefault(row => migrations.All(migration => migration.Name != row.Name)) is { Name: { } unknown })
            throw new InvalidStoreException(
                $"'{path}' was migrated by a newer version of this program (unknown migration '{unknown}'). Use that version.");
        if (applied.Any(row => migrations.All(migration => migration.Sha256 != row.Sha256)))
            throw CreateOldBuildException(path);
        return applied.Count < migrations.Count;
    }

    private static List<Migration> ReadMigrations()
    {
        var assembly = typeof(Migrator).Assembly;
        var migrations = new List<Migration>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var file = new StreamReader(assembly.GetManifestResourceStream(name)!);
            migrations.Add(new(name, file.ReadToEnd().ReplaceLineEndings("\n")));
        }
        return migrations;
    }

    private static InvalidStoreException CreateOldBuildException(string path) =>
        new($"'{path}' was created by a build before the first release, whose schema is not supported. Move the file away; a new store is "
            + "created at the next start.");

    private sealed record Migration(string Name, string Sql)
    {
        public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }
}
