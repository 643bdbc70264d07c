using System.Data.Common;
using System.Globalization;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>The receipt by which a record that is kept, of a type and with a body, would be written now.</summary>
internal delegate Changed Derivation(string type, byte[] body);

/// <summary>
/// Applies `Migrations/*.sql`, which are part of the program, once each and in order of name. After one that says `-- derive anew`, all that is derived
/// of the records that are there is derived again in the same transaction: a store is of one version, whole.
/// </summary>
internal static class Migrator
{
    private const string DeriveAnew = "-- derive anew";
    private const int RecordsAtOnce = 1000;

    public static async Task Migrate(SqliteEngine engine, string path, TimeProvider time, Derivation derive)
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
        var derivesAnew = false;
        foreach (var name in migrations.Where(name => !applied.Contains(name)))
        {
            using var file = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(name)!);
            var sql = await file.ReadToEndAsync();
            await connection.ExecuteAsync(sql);
            derivesAnew |= sql.Contains(DeriveAnew, StringComparison.Ordinal);
            await connection.ExecuteAsync("INSERT INTO migration (name, applied_at) VALUES (@name, @at)",
                new { name, at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture) });
        }
        await connection.ExecuteAsync("INSERT INTO feed (one, epoch, head) VALUES (1, @epoch, 0) ON CONFLICT (one) DO NOTHING",
            new { epoch = Database.NewEpoch() });
        if (derivesAnew)
        {
            using var door = new Door(connection, await Database.MarkOf(connection), actor: "", at: "");
            await door.DeriveAnew(Standing(connection, derive));
        }
        await transaction.CommitAsync();
    }

    /// <summary>Every record, as the receipt by which it would be written now.</summary>
    private static async IAsyncEnumerable<(long, Changed)> Standing(DbConnection connection, Derivation derive)
    {
        for (var done = 0L; ;)
        {
            var records = (await connection.QueryAsync<(long Number, string Type, string Id, string Hash, byte[] Body)>(
                "SELECT number, type, id, hash, CAST(body AS BLOB) FROM record WHERE number > @done ORDER BY number LIMIT @RecordsAtOnce", new { done, RecordsAtOnce })).AsList();
            foreach (var record in records)
                yield return (record.Number, derive(record.Type, BodyHash.Checked(record.Id, record.Body, record.Hash)));
            if (records.Count < RecordsAtOnce)
                yield break;
            done = records[^1].Number;
        }
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
