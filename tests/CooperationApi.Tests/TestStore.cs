using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Storage.PostgreSql;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CooperationApi.Tests;

/// <summary>
/// The engine of the stores in the tests: SQLite, or PostgreSQL if the environment variable `TEST_POSTGRESQL` has the connection string of
/// a server. A store on PostgreSQL is a database whose name follows from the path that the store has on SQLite.
/// </summary>
internal static class TestStore
{
    private const string TablesSql =
        "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname";

    private static readonly string? Server =
        Environment.GetEnvironmentVariable("TEST_POSTGRESQL") is { Length: > 0 } server ? server : null;

    private static readonly ConcurrentDictionary<string, string> NamesByPath = new(StringComparer.Ordinal);

    /// <summary>True if the stores are on PostgreSQL.</summary>
    public static bool IsPostgreSql => Server is not null;

    /// <summary>Returns the settings of the service for a store.</summary>
    public static IEnumerable<(string Name, string Value)> GetSettings(string path) => IsPostgreSql
        ? [("Storage:Path", path), ("Storage:Engine", "PostgreSQL"), ("Storage:Connection", GetConnectionString(path))]
        : [("Storage:Path", path)];

    /// <summary>Returns the name of a store in the messages of the service.</summary>
    public static string GetStoreName(string path) => IsPostgreSql ? GetName(path) : path;

    /// <summary>Creates a connection to a store, for queries and changes behind the back of the service.</summary>
    public static DbConnection CreateConnection(string path) => IsPostgreSql
        ? new NpgsqlConnection($"{GetConnectionString(path)};Pooling=false")
        : new SqliteConnection($"Data Source={path};Pooling=false");

    /// <summary>Creates an empty database for a path, where no store was created yet. Does nothing on SQLite.</summary>
    public static void EnsureDatabaseExists(string path, string options = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    {
        if (!IsPostgreSql)
            return;
        using var connection = OpenServer();
        // Without `fsync`, copying the files takes a third of the processor time of logging their pages.
        if (!HasDatabase(connection, GetName(path)))
            connection.Execute($"CREATE DATABASE {GetName(path)} TEMPLATE template0 STRATEGY file_copy {options}");
    }

    /// <summary>Changes a database on PostgreSQL with `ALTER DATABASE`.</summary>
    public static void AlterDatabase(string path, string change)
    {
        using var connection = OpenServer();
        connection.Execute($"ALTER DATABASE {GetName(path)} {change}");
    }

    /// <summary>Creates a role on the PostgreSQL server and grants it rights. Returns the connection string for it.</summary>
    public static string CreateRole(string path, Func<string, string> grant)
    {
        var name = GetName(path);
        using var connection = OpenServer();
        connection.Execute($"CREATE ROLE {name} LOGIN; {grant(name)}");
        return new NpgsqlConnectionStringBuilder(GetConnectionString(path)) { Username = name }.ConnectionString;
    }

    /// <summary>Copies the database of a closed store to the one for another path. The copy keeps the epoch.</summary>
    public static void CopyDatabase(string path, string newPath)
    {
        using (var connection = OpenServer())
            connection.Execute($"CREATE DATABASE {GetName(newPath)} TEMPLATE {GetName(path)}");
        KeepEpoch(newPath);
    }

    /// <summary>Deletes the databases of the stores in a folder and its subfolders.</summary>
    public static void DropDatabases(string folder)
    {
        if (!IsPostgreSql)
            return;
        using var connection = OpenServer();
        foreach (var path in ListPaths(folder))
        {
            if (NamesByPath.TryRemove(path, out var name))
                connection.Execute($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    /// <summary>Returns the path of each database in a folder that has tables, with the SHA-256 of its rows. SQLite has none.</summary>
    public static IEnumerable<(string Path, string Hash)> ListDatabasesWithHashes(string folder)
    {
        if (!IsPostgreSql)
            yield break;
        using var server = OpenServer();
        foreach (var path in ListPaths(folder).Where(path => HasDatabase(server, GetName(path))))
        {
            using var connection = CreateConnection(path);
            if (connection.Query<string>(TablesSql).Any())
                yield return (path, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ReadRows(connection)))));
        }
    }

    /// <summary>True if a complete store exists.</summary>
    public static bool Exists(string path)
    {
        if (!IsPostgreSql)
            return File.Exists(path);
        using (var server = OpenServer())
        {
            if (!HasDatabase(server, GetName(path)))
                return false;
        }
        using var connection = CreateConnection(path);
        return connection.ExecuteScalar<bool>("SELECT to_regclass('store_origin') IS NOT NULL")
            && connection.ExecuteScalar<long>("SELECT is_complete FROM store_origin") == 1;
    }

    /// <summary>Returns the bytes that a service added to an empty database on PostgreSQL, also in an open transaction.</summary>
    public static long GetWrittenBytes(string path)
    {
        using var connection = OpenServer();
        return connection.ExecuteScalar<long>("SELECT pg_database_size(@name) - pg_database_size('template0')",
            new { name = GetName(path) });
    }

    /// <summary>True if a service has a connection to the store. On SQLite, closing the last connection deletes the WAL.</summary>
    public static bool IsInUse(string path)
    {
        if (!IsPostgreSql)
            return File.Exists(path + "-wal");
        using var connection = OpenServer();
        return connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = @name AND application_name = 'cooperation-api')",
            new { name = GetName(path) });
    }

    /// <summary>True if a transaction of a service has a snapshot of the store. On SQLite, it is older than the last change.</summary>
    public static bool HasSnapshot(string path)
    {
        if (IsPostgreSql)
        {
            using var server = OpenServer();
            return server.ExecuteScalar<bool>(
                """
                SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                WHERE datname = @name AND application_name = 'cooperation-api' AND xact_start IS NOT NULL)
                """, new { name = GetName(path) });
        }
        // The WAL can be truncated as soon as no snapshot needs it.
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false;Default Timeout=0");
        return connection.QuerySingle<(long IsBusy, long, long)>("PRAGMA wal_checkpoint(TRUNCATE)").IsBusy != 0;
    }

    /// <summary>Takes the store away from a service.</summary>
    public static void Remove(string path)
    {
        if (!IsPostgreSql)
        {
            File.Move(path, path + ".away");
            return;
        }
        using var connection = OpenServer();
        connection.Execute($"DROP DATABASE {GetName(path)} WITH (FORCE)");
    }

    /// <summary>Creates a database of another program, which has a table of the same name as the service.</summary>
    public static void CreateForeignDatabase(string path)
    {
        EnsureDatabaseExists(path);
        using var connection = CreateConnection(path);
        if (!IsPostgreSql)
            connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("CREATE TABLE store_version (singleton BIGINT, epoch TEXT, head BIGINT); "
            + "INSERT INTO store_version VALUES (1, 'theirs', 7)");
    }

    /// <summary>Backs up a store to a file. On SQLite, no service may use the store.</summary>
    public static async Task BackUp(string path, string file)
    {
        if (IsPostgreSql)
            await RunProgram("pg_dump", "--format=custom", $"--file={file}", GetName(path));
        else
            File.Copy(path, file);
    }

    /// <summary>
    /// Replaces or creates a store, which no service uses, with a backup and without the `restore` command: like a snapshot of the volume,
    /// or on PostgreSQL like a dump, which gets another object identifier.
    /// </summary>
    public static async Task Restore(string file, string path, bool isDump = false)
    {
        if (IsPostgreSql)
        {
            await RunProgram("dropdb", "--if-exists", "--force", GetName(path));
            await RunProgram("createdb", "--template=template0", "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C", GetName(path));
            await RunProgram("pg_restore", "--exit-on-error", $"--dbname={GetName(path)}", file);
            if (!isDump)
                KeepEpoch(path);
            return;
        }
        foreach (var suffix in (string[])["-wal", "-shm"])
            File.Delete(path + suffix);
        File.Copy(file, path, overwrite: true);
    }

    /// <summary>Waits until the service has purged all redacted data. Fails after 60 s.</summary>
    public static async Task WaitForPurge(string path)
    {
        await using var connection = CreateConnection(path);
        for (var attempt = 0; await connection.ExecuteScalarAsync<long>("SELECT unpurged_revision FROM store_version") != 0; attempt++)
        {
            Assert.True(attempt < 600, "The purge is not complete after 60 s.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Changes the epoch of a store that no service uses: the next start has an epoch that no client knows.</summary>
    public static void StartNewEpoch(string path)
    {
        using var connection = CreateConnection(path);
        connection.Execute("UPDATE store_version SET epoch = 'ffffffffffff'");
    }

    /// <summary>Changes the body of a record at the same revision, with a matching hash and without validation. Returns the hash.</summary>
    public static string ChangeRecord(string path, string type, string id, Func<string, string> change)
    {
        using var connection = CreateConnection(path);
        var body = Encoding.UTF8.GetString(
            connection.QuerySingle<byte[]>("SELECT CAST(body AS BLOB) FROM record WHERE type = @type AND id = @id", new { type, id }));
        var changed = Encoding.UTF8.GetBytes(change(body));
        var hash = Convert.ToHexStringLower(SHA256.HashData(changed));
        connection.Execute("UPDATE record SET body = CAST(@changed AS UTF8_TEXT), hash = @hash WHERE type = @type AND id = @id",
            new { type, id, changed, hash });
        return hash;
    }

    /// <summary>Returns an SQL expression for the JSON in a column, with a part replaced wherever it occurs.</summary>
    public static string ReplaceJson(string column, string part, string replacement) =>
        ReplaceJson(column, part, Encoding.UTF8.GetBytes(replacement));

    /// <summary>
    /// Returns an SQL expression for the JSON in a column, with a part replaced wherever it occurs by bytes, which can be invalid UTF-8.
    /// </summary>
    public static string ReplaceJson(string column, string part, byte[] replacement)
    {
        var (from, to) = (Convert.ToHexString(Encoding.UTF8.GetBytes(part)), Convert.ToHexString(replacement));
        // In Latin-1, every byte is a character.
        return IsPostgreSql
            ? $"convert_to(replace(convert_from({column}, 'LATIN1'), convert_from('\\x{from}', 'LATIN1'), "
                + $"convert_from('\\x{to}', 'LATIN1')), 'LATIN1')"
            : $"replace({column}, CAST(X'{from}' AS TEXT), CAST(X'{to}' AS TEXT))";
    }

    /// <summary>
    /// Returns all text in the store, in which ASCII words can be found: the bytes of the SQLite files, or the rows and files of the
    /// PostgreSQL tables and indexes. The WAL of PostgreSQL is not read: it keeps deleted words.
    /// </summary>
    public static string ReadText(string path)
    {
        if (!IsPostgreSql)
        {
            return string.Concat(((string[])["", "-wal", "-shm", "-journal"]).Select(suffix => path + suffix).Where(File.Exists)
                .Select(existing =>
                {
                    using var file = new FileStream(existing, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    var bytes = new MemoryStream();
                    file.CopyTo(bytes);
                    return Encoding.Latin1.GetString(bytes.ToArray());
                }));
        }
        using var connection = CreateConnection(path);
        var rows = ReadRows(connection);
        // The statistics have samples of the columns.
        var statistics = connection.Query<string>("SELECT statistic::text FROM pg_statistic statistic");
        // Dapper takes a text without a space or semicolon for the name of a procedure.
        connection.Execute("CHECKPOINT;");
        var files = connection.Query<byte[]>(
            """
            SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
            WHERE relfilenode <> 0 AND relnamespace <> 'pg_catalog'::regnamespace AND oid >= 16384
            OR oid = 'pg_statistic'::regclass
            """);
        return string.Join('\n', [rows, .. statistics, .. files.Select(Encoding.Latin1.GetString)]);
    }

    /// <summary>Fails if the file is damaged, or if a row cannot be read.</summary>
    public static void AssertIsIntact(string path)
    {
        using var connection = CreateConnection(path);
        if (IsPostgreSql)
            Assert.NotEqual("", ReadRows(connection));
        else
            Assert.Equal("ok", connection.QuerySingle<string>("PRAGMA integrity_check"));
    }

    /// <summary>Returns the rows of all tables as text. Bytes that are not ASCII are escaped.</summary>
    private static string ReadRows(DbConnection connection)
    {
        if (connection.State == System.Data.ConnectionState.Closed)
            connection.Open();
        connection.Execute("SET bytea_output = 'escape'");
        return string.Join('\n', connection.Query<string>(TablesSql)
            .SelectMany(table => connection.Query<string>($"SELECT stored::text FROM {table} stored ORDER BY 1").Prepend(table)));
    }

    // A copy has another object identifier than the database that the store saved.
    private static void KeepEpoch(string path)
    {
        using var connection = CreateConnection(path);
        connection.Execute($"UPDATE store_origin SET server = {PostgreSqlEngine.CurrentServerSql}");
    }

    private static async Task RunProgram(string program, params string[] args)
    {
        var server = new NpgsqlConnectionStringBuilder(Server);
        // On Debian, the programs of each version are in its own folder, and PATH has only some of them.
        var folder = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .MaxBy(version => int.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
            : null;
        var (exitCode, output, error) = await ExternalProgram.Run(folder is null ? program : Path.Combine(folder, "bin", program), args, "",
            ("PGHOST", server.Host!), ("PGPORT", server.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", server.Username!),
            ("PGPASSWORD", server.Password ?? ""));
        Assert.True(exitCode == 0, $"{program}: {output}{error}");
    }

    private static List<string> ListPaths(string folder) =>
    [
        .. NamesByPath.Keys.Where(path => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static bool HasDatabase(DbConnection server, string name) =>
        server.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = @name)", new { name });

    private static string GetName(string path) => NamesByPath.GetOrAdd(Path.GetFullPath(path),
        fullPath => "test_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fullPath)))[..24]);

    private static string GetConnectionString(string path) => $"{Server};Database={GetName(path)};Maximum Pool Size=20";

    private static NpgsqlConnection OpenServer()
    {
        var connection = new NpgsqlConnection($"{Server};Database=postgres");
        connection.Open();
        return connection;
    }
}
