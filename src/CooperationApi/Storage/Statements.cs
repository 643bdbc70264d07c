using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage;

/// <summary>
/// Statements of one connection that are compiled once and carried out again and again. Dapper would have each compiled anew at every call, and the provider
/// looks each parameter up by its name at every call, which costs as much as all of the inserting; here it is looked up once.
/// </summary>
internal sealed class Statements(DbConnection connection) : IDisposable
{
    private readonly sqlite3 database = ((SqliteConnection)connection).Handle!;
    private readonly Dictionary<string, Compiled> compiled = new(StringComparer.Ordinal);

    /// <summary>Carries a statement out; its values always come in the same order: text (a string, or bytes of UTF-8), a whole number, or null.</summary>
    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var statement = Bound(sql, values);
        try
        {
            while (HasRow(statement))
            {
            }
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>The first row, as it is read; none gives the default.</summary>
    public T? First<T>(string sql, Func<FirstRow, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var statement = Bound(sql, values);
        try
        {
            return HasRow(statement) ? read(new(statement)) : default;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose()
    {
        foreach (var (statement, _) in compiled.Values)
            statement.Dispose();
    }

    private sqlite3_stmt Bound(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!compiled.TryGetValue(sql, out var known))
        {
            Check(raw.sqlite3_prepare_v2(database, sql, out var statement));
            var places = new int[values.Length];
            for (var i = 0; i < places.Length; i++)
                places[i] = raw.sqlite3_bind_parameter_index(statement, "@" + values[i].Name);
            compiled[sql] = known = new(statement, places);
        }
        for (var i = 0; i < values.Length; i++)
            Check(Bind(known.Statement, known.Places[i], values[i].Value));
        return known.Statement;
    }

    private static int Bind(sqlite3_stmt statement, int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        int number => raw.sqlite3_bind_int64(statement, place, number),
        byte[] text => raw.sqlite3_bind_text(statement, place, text),
        // No bytes at all would be taken for null.
        "" => raw.sqlite3_bind_text(statement, place, ""),
        string text => raw.sqlite3_bind_text(statement, place, Encoding.UTF8.GetBytes(text)),
        _ => throw new ArgumentException($"A {value.GetType().Name} is no value of a column.", nameof(value)),
    };

    private bool HasRow(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        Check(code);
        return code == raw.SQLITE_ROW;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, database);

    /// <summary>A statement, and where in it each value goes.</summary>
    private readonly record struct Compiled(sqlite3_stmt Statement, int[] Places);

    /// <summary>The columns of a row, from 0.</summary>
    public readonly struct FirstRow(sqlite3_stmt statement)
    {
        public long Number(int column) => raw.sqlite3_column_int64(statement, column);

        public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
    }
}
