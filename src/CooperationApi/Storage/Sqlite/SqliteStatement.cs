using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <summary>A SQL statement that is compiled at its first use and reused.</summary>
internal sealed class SqliteStatement(sqlite3 connectionHandle, string sql) : IDisposable
{
    private sqlite3_stmt? statementHandle;
    // The values that are still bound. Many values repeat in the statements of a write, and comparing is cheaper than binding again.
    private SqlValue[] boundValues = [];
    private byte[] utf8Buffer = new byte[256];

    /// <summary>Executes the statement and returns the columns of the first row; null without rows.</summary>
    public SqlValue[]? QueryFirst(ReadOnlySpan<SqlValue> values)
    {
        var statement = BindAll(values);
        try
        {
            return Step(statement) ? ReadRow(statement) : null;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => statementHandle?.Dispose();

    private sqlite3_stmt BindAll(ReadOnlySpan<SqlValue> values)
    {
        if (statementHandle is null)
        {
            ThrowOnError(raw.sqlite3_prepare_v2(connectionHandle, sql, out statementHandle));
            // The parameters of a new statement are NULL, like the default `SqlValue`.
            boundValues = new SqlValue[raw.sqlite3_bind_parameter_count(statementHandle)];
        }
        if (boundValues.Length != values.Length)
            throw new ArgumentException($"The statement has {boundValues.Length} parameters, but {values.Length} values were given: {sql}",
                nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (boundValues[i].IsSameReference(values[i]))
                continue;
            ThrowOnError(Bind(statementHandle, i + 1, values[i]));
            boundValues[i] = values[i];
        }
        return statementHandle;
    }

    private int Bind(sqlite3_stmt statement, int parameterIndex, SqlValue value) => value.Payload switch
    {
        null => raw.sqlite3_bind_null(statement, parameterIndex),
        byte[] text => raw.sqlite3_bind_text(statement, parameterIndex, text),
        // An empty span would be bound as NULL.
        "" => raw.sqlite3_bind_text(statement, parameterIndex, ""),
        string text => raw.sqlite3_bind_text(statement, parameterIndex, EncodeUtf8(text)),
        _ => raw.sqlite3_bind_int64(statement, parameterIndex, value.Number),
    };

    private ReadOnlySpan<byte> EncodeUtf8(string text)
    {
        if (utf8Buffer.Length < text.Length * 3)
            utf8Buffer = new byte[text.Length * 3];
        return utf8Buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8Buffer));
    }

    private static SqlValue[] ReadRow(sqlite3_stmt statement)
    {
        var row = new SqlValue[raw.sqlite3_column_count(statement)];
        for (var column = 0; column < row.Length; column++)
        {
            row[column] = raw.sqlite3_column_type(statement, column) switch
            {
                raw.SQLITE_NULL => default,
                raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, column),
                raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, column).ToArray(),
                _ => raw.sqlite3_column_text(statement, column).utf8_to_string(),
            };
        }
        return row;
    }

    private bool Step(sqlite3_stmt statement)
    {
        var resultCode = raw.sqlite3_step(statement);
        ThrowOnError(resultCode);
        return resultCode == raw.SQLITE_ROW;
    }

    private void ThrowOnError(int resultCode)
    {
        if (resultCode is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(resultCode, connectionHandle);
    }
}
