namespace CooperationApi.Storage.PostgreSql;

/// <summary>The hints for the query planner of PostgreSQL, which has statistics of the columns and plans plain conditions best.</summary>
internal sealed class PostgreSqlListHints : IListHints
{
    public string TestRow(string condition) => $"({condition})";

    public string TestRowId(string column, string rowIdsSql) => $"{column} IN ({rowIdsSql})";
}
