using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Storage;

/// <summary>
/// Statements of one connection that are compiled once, when first needed, and carried out again and again. Dapper would have each compiled anew at every
/// call, and the provider looks each parameter up by its name at every call, which costs as much as all of the inserting.
/// </summary>
internal sealed class CompiledStatements(DbConnection connection) : IDisposable
{
    private readonly sqlite3 database = ((SqliteConnection)connection).Handle!;
    private readonly Dictionary<string, CompiledStatement> all = new(StringComparer.Ordinal);

    /// <summary>A statement, the same for the same words; its values are given in the order in which its parameters first stand in it.</summary>
    public CompiledStatement Of(string sql)
    {
        if (!all.TryGetValue(sql, out var statement))
            all[sql] = statement = new(database, sql);
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in all.Values)
            statement.Dispose();
    }
}

/// <inheritdoc cref="CompiledStatements"/>
internal sealed class CompiledStatement(sqlite3 database, string sql) : IDisposable
{
    private sqlite3_stmt? compiled;
    // What stands in its parameters still: much is the same in all of a write's statements, and to give it again costs more than to look.
    private Value[] bound = [];
    private byte[] room = new byte[256];

    /// <summary>Carries it out.</summary>
    public void Execute(params ReadOnlySpan<Value> values)
    {
        var statement = Bound(values);
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
    public T? First<T>(Func<FirstRow, T> read, params ReadOnlySpan<Value> values)
    {
        var statement = Bound(values);
        try
        {
            return HasRow(statement) ? read(new(statement)) : default;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => compiled?.Dispose();

    private sqlite3_stmt Bound(ReadOnlySpan<Value> values)
    {
        if (compiled is null)
        {
            Check(raw.sqlite3_prepare_v2(database, sql, out compiled));
            // No parameter has a value yet, which is what nothing is.
            bound = new Value[raw.sqlite3_bind_parameter_count(compiled)];
        }
        if (bound.Length != values.Length)
            throw new ArgumentException($"{values.Length} values are given to: {sql}", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (bound[i].Is(values[i]))
                continue;
            Check(Bind(compiled, i + 1, values[i]));
            bound[i] = values[i];
        }
        return compiled;
    }

    private int Bind(sqlite3_stmt statement, int place, Value value) => value.Content switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        byte[] text => raw.sqlite3_bind_text(statement, place, text),
        // No bytes at all would be taken for null.
        "" => raw.sqlite3_bind_text(statement, place, ""),
        string text => raw.sqlite3_bind_text(statement, place, Encoded(text)),
        _ => raw.sqlite3_bind_int64(statement, place, value.Number),
    };

    private ReadOnlySpan<byte> Encoded(string text)
    {
        if (room.Length < text.Length * 3)
            room = new byte[text.Length * 3];
        return room.AsSpan(0, Encoding.UTF8.GetBytes(text, room));
    }

    private bool HasRow(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        Check(code);
        return code == raw.SQLITE_ROW;
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(code, database);
    }
}

/// <summary>What a column has: text (a string, or bytes of UTF-8), a whole number, or nothing.</summary>
internal readonly struct Value
{
    private static readonly object IsNumber = new();

    private Value(object? content, long number) => (Content, Number) = (content, number);

    /// <summary>Text; nothing if there is nothing; some other object for a number.</summary>
    public object? Content { get; }

    /// <summary>The text, if it is a string.</summary>
    public string? Text => Content as string;

    /// <summary>The number, if it is one.</summary>
    public long Number { get; }

    /// <summary>Whether it is the same number, or the very same text.</summary>
    public bool Is(Value other) => Number == other.Number && ReferenceEquals(Content, other.Content);

    public static implicit operator Value(string? text) => new(text, 0);

    public static implicit operator Value(byte[]? text) => new(text, 0);

    public static implicit operator Value(long number) => new(IsNumber, number);

    public static implicit operator Value(long? number) => number is { } known ? new Value(IsNumber, known) : default;
}

/// <summary>The columns of a row, from 0.</summary>
internal readonly struct FirstRow(sqlite3_stmt statement)
{
    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
}
