using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace CooperationApi.Storage.PostgreSql;

/// <summary>
/// A connection whose commands first send the deferred statements of <see cref="Statements"/>. <see cref="CancelStatement"/> cancels the
/// running command.
/// </summary>
internal sealed class PostgreSqlConnection(NpgsqlConnection connection) : DbConnection
{
    private volatile NpgsqlCommand? lastCommand;

    /// <summary>The connection of Npgsql.</summary>
    public NpgsqlConnection Inner => connection;

    /// <summary>The prepared statements of a write transaction; null if there are none.</summary>
    public PostgreSqlStatements? Statements { get; set; }

    [AllowNull]
    public override string ConnectionString
    {
        get => connection.ConnectionString;
        set => throw new NotSupportedException();
    }

    public override string Database => connection.Database;

    public override string DataSource => connection.DataSource;

    public override string ServerVersion => connection.ServerVersion;

    public override ConnectionState State => connection.State;

    /// <summary>Cancels the running command, if there is one.</summary>
    public void CancelStatement() => lastCommand?.Cancel();

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Open() => connection.Open();

    public override void Close() => connection.Close();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => connection.BeginTransaction(isolationLevel);

    protected override DbCommand CreateDbCommand()
    {
        Statements?.Flush();
        return lastCommand = connection.CreateCommand();
    }
}
