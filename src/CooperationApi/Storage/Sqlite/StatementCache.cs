using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>
/// Statements of one connection that are compiled once, when first needed, and carried out again and again. Dapper would have each compiled anew at every
/// call, and the provider looks each parameter up by its name at every call, which costs as much as all of the inserting.
/// </summary>
internal sealed class StatementCache(DbConnection connection) : IDisposable
{
    private readonly sqlite3 connectionHandle = ((SqliteConnection)connection).Handle!;
    private readonly Dictionary<string, PreparedStatement> statements = new(StringComparer.Ordinal);

    /// <summary>A statement, the same for the same words; its values are given in the order in which its parameters first stand in it.</summary>
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
