using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>The current row of a statement; columns are numbered from 0.</summary>
internal readonly struct StatementRow(sqlite3_stmt statement)
{
    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
}
