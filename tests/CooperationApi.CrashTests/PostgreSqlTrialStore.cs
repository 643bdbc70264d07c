using System.Data.Common;
using CooperationApi.Bench.Processes;
using Dapper;
using Npgsql;

namespace CooperationApi.CrashTests;

/// <summary>A database of a private PostgreSQL server with two instances of the service. The server has the default settings.</summary>
internal sealed class PostgreSqlTrialStore : TrialStore
{
    private readonly string serverFolder, connectionString;

    private PostgreSqlTrialStore(PublishedService service, string folder, string serverFolder, string connectionString)
        : base(service.OnPostgreSql(connectionString), [Path.Combine(folder, "first"), Path.Combine(folder, "second")]) =>
        (this.serverFolder, this.connectionString) = (serverFolder, connectionString);

    public override bool HasDatabaseServer => true;

    /// <summary>Starts the server and creates the database.</summary>
    public static async Task<PostgreSqlTrialStore> Create(PublishedService service, string folder, CancellationToken cancel)
    {
        // Outside the folder of the trial, which the user of the server cannot read.
        var serverFolder = Directory.CreateTempSubdirectory("cooperation-crash-postgresql-").FullName;
        var server = (await RunScript("start", serverFolder)).Trim();
        // The database is deleted with its server.
        var database = await PostgreSqlDatabase.Create(server, cancel);
        var store = new PostgreSqlTrialStore(service, folder, serverFolder, database.ConnectionString);
        await using var connection = new NpgsqlConnection(store.connectionString);
        await connection.ExecuteAsync("CREATE EXTENSION amcheck");
        return store;
    }

    public override DbConnection OpenSnapshot()
    {
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        connection.Open();
        // Throws if an index is damaged or lacks a row of its table.
        connection.Execute(
            """
            SELECT bt_index_check(pg_class.oid, heapallindexed => true) FROM pg_class JOIN pg_am ON pg_am.oid = pg_class.relam
            WHERE pg_class.relkind = 'i' AND pg_am.amname = 'btree' AND pg_class.relpersistence = 'p'
            """);
        var damage = connection.QueryFirstOrDefault<string>(
            """
            SELECT pg_class.relname || ': ' || damage.msg FROM pg_class, LATERAL verify_heapam(pg_class.oid) AS damage
            WHERE pg_class.relkind = 'r'
            """);
        AcknowledgedWrites.Ensure(damage is null, $"The database is damaged: {damage}");
        connection.Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        return connection;
    }

    public override Task KillDatabase() => RunScript("kill", serverFolder);

    public override Task RestartDatabase() => RunScript("start", serverFolder);

    public override async ValueTask DisposeAsync()
    {
        await RunScript("stop", serverFolder);
        Directory.Delete(serverFolder, recursive: true);
        await base.DisposeAsync();
    }

    private static async Task<string> RunScript(string name, string serverFolder) =>
        (await ChildProcess.Run(Path.Combine(PublishedService.FindRepository(), "tests", "PostgreSql", name), [serverFolder],
            CancellationToken.None)).Output;
}
