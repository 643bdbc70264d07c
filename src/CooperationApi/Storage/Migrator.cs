using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// Applies the embedded scripts `Migrations/*.sql`, each once and in order of name, in one transaction. The store has the SHA-256 of each
/// applied script, so that a store with another schema is refused. The version of a program is the number of its last script. A script with
/// the line `-- Minimum program: N` lets programs from version N use the store: it only adds tables, indexes or columns with a default.
/// </summary>
internal static partial class Migrator
{
    private const string CreateTableSql =
        "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL, "
        + "minimum_program BIGINT NOT NULL)";

    /// <summary>The version of this program: the number of its last script.</summary>
    public static readonly long ProgramVersion = GetScriptNames().Max(GetNumber);

    /// <summary>
    /// Applies the pending scripts. Waits up to <paramref name="timeout"/> for another writer. Throws <see cref="InvalidStoreException"/>
    /// if the store has a script that this program does not know.
    /// </summary>
    public static async Task Migrate(IStorageEngine engine, TimeSpan timeout, TimeProvider time)
    {
        var migrations = ReadMigrations(engine.SystemName);
        // The first check takes no lock, so that a start does not wait for a long import.
        await using (var session = await engine.BeginRead(CancellationToken.None))
        {
            if ((await FindPending(engine, session.Connection, migrations)).Count == 0)
                return;
        }
        await using var writeSession = await engine.BeginMigration(timeout);
        var connection = writeSession.Connection;
        await connection.ExecuteAsync(CreateTableSql);
        foreach (var migration in await FindPending(engine, connection, migrations))
        {
            await connection.ExecuteAsync(engine.AdaptSchema(migration.Sql));
            var at = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            await connection.ExecuteAsync(
                """
                INSERT INTO schema_migration (name, sha256, applied_at, minimum_program)
                VALUES (@Name, @Sha256, @at, @MinimumProgram)
                """, new { migration.Name, migration.Sha256, migration.MinimumProgram, at });
        }
        await connection.ExecuteAsync(
            "INSERT INTO store_version (singleton, epoch, head) VALUES (1, @epoch, 0) ON CONFLICT (singleton) DO NOTHING",
            new { epoch = Database.NewEpoch() });
        await connection.ExecuteAsync(
            "UPDATE store_version SET minimum_program = (SELECT max(minimum_program) FROM schema_migration)");
        await writeSession.Commit();
    }

    private static async Task<IReadOnlyList<Migration>> FindPending(IStorageEngine engine, DbConnection connection,
        List<Migration> migrations)
    {
        if (!await engine.HasTable(connection, "schema_migration"))
        {
            // Builds before the checksums had this table.
            return await engine.HasTable(connection, "migration") ? throw CreateOldBuildException(engine.StoreName) : migrations;
        }
        var applied = (await connection.QueryAsync<(string Name, string Sha256, long MinimumProgram)>(
            "SELECT name, sha256, minimum_program FROM schema_migration")).ToList();
        var isUnknown = applied.ToLookup(row => migrations.All(migration => migration.Name != row.Name));
        if (isUnknown[true].FirstOrDefault(row => row.MinimumProgram > ProgramVersion) is { Name: { } unknown })
            throw new InvalidStoreException($"'{engine.StoreName}' was migrated by a newer version of this program (unknown migration "
                + $"'{unknown}'). Use that version.");
        if (isUnknown[false].Any(row => migrations.All(migration => migration.Sha256 != row.Sha256)))
            throw CreateOldBuildException(engine.StoreName);
        return [.. migrations.Where(migration => applied.All(row => row.Name != migration.Name))];
    }

    /// <summary>Returns the scripts for all engines, `name.sql`, and those for one engine, `name.suffix.sql`.</summary>
    private static List<Migration> ReadMigrations(string suffix)
    {
        var migrations = new List<Migration>();
        foreach (var name in GetScriptNames().Where(
            name => name.Split('.') is [_, _] || name.EndsWith($".{suffix}.sql", StringComparison.Ordinal)))
        {
            using var file = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(name)!);
            migrations.Add(new(name, file.ReadToEnd().ReplaceLineEndings("\n")));
        }
        return migrations;
    }

    private static InvalidStoreException CreateOldBuildException(string path) =>
        new($"'{path}' was created by a build before the first release, whose schema is not supported. Move the file away; a new store is "
            + "created at the next start.");

    private static IEnumerable<string> GetScriptNames() => typeof(Migrator).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    // The number in `Migrations/0002_treaty.sql`.
    private static long GetNumber(string name) => long.Parse(name["Migrations/".Length..].Split('_')[0], CultureInfo.InvariantCulture);

    [GeneratedRegex("^-- Minimum program: ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex MinimumProgramPattern();

    private sealed record Migration(string Name, string Sql)
    {
        public long MinimumProgram { get; } = MinimumProgramPattern().Match(Sql) is { Success: true } line
            ? long.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)
            : GetNumber(Name);

        public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }
}
