using System.Text;
using CooperationApi.Storage.Writing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage.Sqlite;

/// <inheritdoc cref="StatementCache"/>
internal sealed class PreparedStatement(sqlite3 connectionHandle, string sql) : IDisposable
{
    private sqlite3_stmt? statementHandle;
    // What stands in its parameters still: much is the same in all of a write's statements, and to give it again costs more than to look.
    private SqlValue[] boundValues = [];
    private byte[] utf8Buffer = new byte[256];

    /// <summary>Carries it out.</summary>
    public void Execute(params ReadOnlySpan<SqlValue> values)
    {
        var statement = BindAll(values);
        try
        {
            while (Step(statement))
            {
            }
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>The first row, as it is read; none gives the default.</summary>
    public T? QueryFirst<T>(Func<StatementRow, T> readRow, params ReadOnlySpan<SqlValue> values)
    {
        var statement = BindAll(values);
        try
        {
            return Step(statement) ? readRow(new(statement)) : default;
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
            // No parameter has a value yet, which is what nothing is.
            boundValues = new SqlValue[raw.sqlite3_bind_parameter_count(statementHandle)];
        }
        if (boundValues.Length != values.Length)
            throw new ArgumentException($"{values.Length} values are given to: {sql}", nameof(values));
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
        // No bytes at all would be taken for null.
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
