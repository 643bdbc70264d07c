namespace CooperationApi.Storage.Sqlite;

/// <summary>The hints for the query planner of SQLite, which has no statistics of the columns.</summary>
internal sealed class SqliteListHints : IListHints
{
    // No index has the result of a CASE.
    public string TestRow(string condition) => $"CASE WHEN {condition} THEN 1 ELSE 0 END = 1";

    // The unary plus keeps SQLite from looking up rows by these row ids, which would require a sort.
    public string TestRowId(string column, string rowIdsSql) => $"+{column} IN ({rowIdsSql})";
}
