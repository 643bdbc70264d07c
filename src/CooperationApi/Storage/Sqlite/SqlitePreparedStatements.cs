using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>
/// The prepared statements of one connection, compiled at first use and reused. Dapper compiles a statement at every call, and
/// Microsoft.Data.Sqlite looks up each parameter by name at every call, which costs as much time as all inserts.
/// </summary>
internal sealed class SqlitePreparedStatements(DbConnection connection) : IPreparedStatements
{
    // Records. The indexes are then sorted in less time than they are updated, if the records also double the store.
    private const int BulkLoadThreshold = 15_000;

    private readonly sqlite3 connectionHandle = ((SqliteConnection)connection).Handle!;
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Columns), SqliteStatement> inserts = [];
    private readonly SecondaryIndexes secondaryIndexes = new(connection);

    public void Execute(string sql, params ReadOnlySpan<SqlValue> values) => Prepare(sql).QueryFirst(values);

    public void Insert(string table, string columns, params ReadOnlySpan<SqlValue> values)
    {
        if (!inserts.TryGetValue((table, columns), out var insert))
        {
            inserts[(table, columns)] = insert = new(connectionHandle,
                $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", columns.Split(',').Select(_ => "?"))})");
        }
        insert.QueryFirst(values);
    }

    public void InsertIfAbsent(string table, string column, SqlValue value) =>
        Execute($"INSERT INTO {table} ({column}) VALUES (@value) ON CONFLICT DO NOTHING", value);

    public SqlValue[]? QueryFirst(string sql, params ReadOnlySpan<SqlValue> values) => Prepare(sql).QueryFirst(values);

    /// <summary>Defers index maintenance, so that each index is sorted once instead of updated row by row.</summary>
    public bool StartBulkLoad(int createdCount, long maxRowId)
    {
        if (createdCount < BulkLoadThreshold || createdCount < maxRowId / 2 || secondaryIndexes.AreDropped)
            return false;
        secondaryIndexes.Drop();
        Fts5Index.DisableAutomerge(this);
        return true;
    }

    public void CompleteBulkLoad()
    {
        if (!secondaryIndexes.AreDropped)
            return;
        // Reduces the page cache from 128 MiB to 16 MiB until the next open. SQLite sorts with worker threads (`PRAGMA threads`) only if
        // the rows exceed the cache.
        connection.Execute("PRAGMA cache_size = -16384");
        secondaryIndexes.Recreate();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values.Concat(inserts.Values))
            statement.Dispose();
    }

    private SqliteStatement Prepare(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements[sql] = statement = new(connectionHandle, sql);
        return statement;
    }
}
