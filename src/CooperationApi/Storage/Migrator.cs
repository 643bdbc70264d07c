using System.Globalization;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>Applies `Migrations/*.sql`, which are part of the program, once each and in order of name.</summary>
internal static class Migrator
{
    public static async Task Migrate(SqliteEngine engine, string path, TimeProvider time)
    {
        var migrations = typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        // Looked at without a lock first: a start beside a long import has nothing to wait for.
        if ((await Missing(engine, path, migrations)).Count == 0)
            return;
        await using var connection = engine.OpenWriter();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)");
        var applied = (await connection.QueryAsync<string>("SELECT name FROM migration")).ToHashSet();
        foreach (var name in migrations.Where(name => !applied.Contains(name)))
        {
            using var sql = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(name)!);
            await connection.ExecuteAsync(await sql.ReadToEndAsync());
            await connection.ExecuteAsync("INSERT INTO migration (name, applied_at) VALUES (@name, @at)",
                new { name, at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture) });
        }
        await connection.ExecuteAsync("INSERT INTO feed (one, epoch, head) VALUES (1, @epoch, 0) ON CONFLICT (one) DO NOTHING",
            new { epoch = Guid.NewGuid().ToString("N")[..12] });
        await transaction.CommitAsync();
    }

    private static async Task<IReadOnlyList<string>> Missing(SqliteEngine engine, string path, IReadOnlyList<string> migrations)
    {
        await using var connection = engine.OpenReader();
        if (!SqliteEngine.HasTable(connection, "migration"))
            return migrations;
        var applied = (await connection.QueryAsync<string>("SELECT name FROM migration")).ToList();
        if (applied.Except(migrations).FirstOrDefault() is { } unknown)
            throw new StoreRefusedException($"'{path}' was written by a newer version of this program, which added '{unknown}'.");
        return [.. migrations.Except(applied)];
    }
}
