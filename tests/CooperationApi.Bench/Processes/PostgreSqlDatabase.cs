using Npgsql;

namespace CooperationApi.Bench.Processes;

/// <summary>An empty database on a PostgreSQL server. Disposing the object drops it.</summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private readonly string server, name;

    private PostgreSqlDatabase(string server, string name) => (this.server, this.name) = (server, name);

    public string ConnectionString => $"{server};Database={name}";

    public static async Task<PostgreSqlDatabase> Create(string server, CancellationToken cancel)
    {
        var database = new PostgreSqlDatabase(server, $"bench_{Guid.NewGuid():N}");
        await database.Execute($"CREATE DATABASE {database.name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", cancel);
        return database;
    }

    public async ValueTask DisposeAsync() => await Execute($"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None);

    private async Task Execute(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection($"{server};Database=postgres");
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
