using System.Data.Common;

namespace CooperationApi.Storage;

/// <summary>Statements of one connection that are prepared once and carried out again and again. Dapper would have each prepared anew at every call.</summary>
internal sealed class Statements(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);

    /// <summary>Carries a statement out; its values always come in the same order.</summary>
    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Prepared(sql, values).ExecuteNonQuery();

    /// <summary>The first row, as it is read; none gives the default.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var rows = Prepared(sql, values).ExecuteReader();
        return rows.Read() ? read(rows) : default;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
    }

    private DbCommand Prepared(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            prepared[sql] = command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        return command;
    }
}
