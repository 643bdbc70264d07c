using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace CooperationApi.Storage.PostgreSql;

/// <summary>
/// The prepared statements of one write transaction. Statements without rows are sent together with the next query: a statement takes less
/// time than a round trip. Npgsql prepares each text at its second use (`Max Auto Prepare`). A bulk load inserts rows with COPY.
/// </summary>
internal sealed partial class PostgreSqlStatements : IPreparedStatements
{
    // Deferred statements are sent at the latest at this number, to limit memory.
    private const int MaxDeferred = 500;

    // Records. COPY takes less time than INSERT, but a round trip per table.
    private const int BulkLoadThreshold = 1_000;

    // The words of new rows wait in a list, which is merged into the full-text index in sorted order.
    private const int PendingListKilobytes = 128 << 10;

    // Characters of COPY rows.
    private const int MaxCopyLength = 8 << 20;

    private readonly PostgreSqlConnection connection;
    private readonly Dictionary<string, string> positionalSql = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Columns), string> insertSql = [];
    private readonly Dictionary<(string Table, string Columns), StringBuilder> copyRows = [];
    private NpgsqlBatch batch;
    private int copyLength;
    private bool isBulkLoad;

    public PostgreSqlStatements(PostgreSqlConnection connection)
    {
        this.connection = connection;
        batch = connection.Inner.CreateBatch();
        connection.Statements = this;
    }

    public void Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        SendCopyRows();
        Append(sql, values);
        if (batch.BatchCommands.Count >= MaxDeferred)
            Flush();
    }

    public void Insert(string table, string columns, params ReadOnlySpan<SqlValue> values)
    {
        if (!isBulkLoad)
        {
            if (!insertSql.TryGetValue((table, columns), out var sql))
            {
                var parameters = columns.Split(',').Select(column => "@" + column.Trim());
                insertSql[(table, columns)] = sql = $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", parameters)})";
            }
            Execute(sql, values);
            return;
        }
        if (!copyRows.TryGetValue((table, columns), out var rows))
            copyRows[(table, columns)] = rows = new();
        var start = rows.Length;
        foreach (var value in values)
            AppendCopyValue(rows, value);
        rows[^1] = '\n';
        copyLength += rows.Length - start;
        if (copyLength >= MaxCopyLength)
            Flush();
    }

    // The rows of COPY stay: an import would otherwise send them for each new word.
    public void InsertIfAbsent(string table, string column, SqlValue value)
    {
        Append($"INSERT INTO {table} ({column}) VALUES (@value) ON CONFLICT DO NOTHING", [value]);
        if (batch.BatchCommands.Count >= MaxDeferred)
            SendBatch();
    }

    public SqlValue[]? QueryFirst(string sql, params ReadOnlySpan<SqlValue> values)
    {
        SendCopyRows();
        Append(sql, values);
        using var query = TakeBatch();
        using var rows = query.ExecuteReader();
        // The statements before the query have no rows.
        return rows.Read() ? ReadRow(rows) : null;
    }

    /// <summary>Sends the deferred statements and rows, in order: there are no statements after the first row.</summary>
    public void Flush()
    {
        SendBatch();
        SendCopyRows();
    }

    private void SendBatch()
    {
        if (batch.BatchCommands.Count == 0)
            return;
        using var statements = TakeBatch();
        statements.ExecuteNonQuery();
    }

    private void SendCopyRows()
    {
        if (copyLength == 0)
            return;
        copyLength = 0;
        SendBatch();
        foreach (var ((table, columns), rows) in copyRows)
        {
            if (rows.Length == 0)
                continue;
            using var copy = connection.Inner.BeginTextImport($"COPY {table} ({columns}) FROM STDIN");
            foreach (var chunk in rows.GetChunks())
                copy.Write(chunk.Span);
            rows.Clear();
        }
    }

    // The text format of COPY: tabs between values, `\N` for NULL, bytes in hexadecimal after `\x`.
    private static void AppendCopyValue(StringBuilder rows, SqlValue value)
    {
        switch (value.Payload)
        {
            case null:
                rows.Append("\\N");
                break;
            case byte[] bytes:
                rows.Append("\\\\x").Append(Convert.ToHexStringLower(bytes));
                break;
            case string text:
                foreach (var character in text)
                {
                    _ = character switch
                    {
                        '\\' => rows.Append("\\\\"),
                        '\t' => rows.Append("\\t"),
                        '\n' => rows.Append("\\n"),
                        '\r' => rows.Append("\\r"),
                        _ => rows.Append(character),
                    };
                }
                break;
            default:
                rows.Append(value.Number);
                break;
        }
        rows.Append('\t');
    }

    public bool StartBulkLoad(int createdCount, long maxRowId)
    {
        if (createdCount < BulkLoadThreshold || isBulkLoad)
            return false;
        Execute($"SET LOCAL gin_pending_list_limit = {PendingListKilobytes}");
        return isBulkLoad = true;
    }

    public void CompleteBulkLoad()
    {
        // The indexes stay: without them, readers would wait until the commit. The planner needs the statistics of the new rows at once.
        if (!isBulkLoad)
            return;
        Execute("SELECT gin_clean_pending_list('search_name_by_word'), gin_clean_pending_list('search_index_by_word')");
        Execute("ANALYZE");
        isBulkLoad = false;
    }

    public void Dispose()
    {
        connection.Statements = null;
        batch.Dispose();
    }

    private NpgsqlBatch TakeBatch()
    {
        var taken = batch;
        batch = connection.Inner.CreateBatch();
        return taken;
    }

    private void Append(string sql, ReadOnlySpan<SqlValue> values)
    {
        if (!positionalSql.TryGetValue(sql, out var positional))
            positionalSql[sql] = positional = ToPositional(sql);
        var command = new NpgsqlBatchCommand(positional);
        foreach (var value in values)
        {
            command.Parameters.Add(value.Payload switch
            {
                // The type of the column applies, for example `tsvector`.
                null => new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = DBNull.Value },
                string text => new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = text },
                byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
                _ => new NpgsqlParameter<long> { TypedValue = value.Number },
            });
        }
        batch.BatchCommands.Add(command);
    }

    /// <summary>Replaces named parameters by their positions: `@id` by `$1`.</summary>
    private static string ToPositional(string sql)
    {
        var names = new List<string>();
        return ParameterPattern().Replace(sql, parameter =>
        {
            if (!names.Contains(parameter.Value))
                names.Add(parameter.Value);
            return string.Create(CultureInfo.InvariantCulture, $"${names.IndexOf(parameter.Value) + 1}");
        });
    }

    private static SqlValue[] ReadRow(NpgsqlDataReader rows)
    {
        var row = new SqlValue[rows.FieldCount];
        for (var column = 0; column < row.Length; column++)
        {
            row[column] = rows.GetValue(column) switch
            {
                DBNull => default,
                string text => text,
                byte[] bytes => bytes,
                var number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
            };
        }
        return row;
    }

    [GeneratedRegex("@[a-z_0-9]+")]
    private static partial Regex ParameterPattern();
}
