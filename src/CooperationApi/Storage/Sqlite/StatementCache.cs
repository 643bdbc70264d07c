using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>
/// The prepared statements of one connection, compiled at first use and reused. Dapper compiles a statement at every call, and
/// Microsoft.Data.Sqlite looks up each parameter by name at every call, which costs as much time as all inserts.
/// </summary>
internal sealed class StatementCache(DbConnection connection) : IDisposable
{
    private readonly sqlite3 connectionHandle = ((SqliteConnection)connection).Handle!;
    private readonly Dictionary<string, PreparedStatement> statements = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the statement for a SQL text; equal texts share one statement. Values are bound by position, in the order in which the
    /// parameters first occur.
    /// </summary>
    public PreparedStatement Prepare(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements[sql] = statement = new(connectionHandle, sql);
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
    }
}
