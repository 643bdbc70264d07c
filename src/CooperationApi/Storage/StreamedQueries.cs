using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>Queries whose rows are not collected in memory.</summary>
internal static class StreamedQueries
{
    /// <summary>
    /// Returns the rows of a query one by one. The method `QueryUnbufferedAsync` of Dapper cancels each command at its end, which opens
    /// another connection to a database server. Leaving the loop early reads the other rows, so the query limits them.
    /// </summary>
    public static IAsyncEnumerable<T> StreamAsync<T>(this DbConnection connection, string sql, object? parameters = null)
    {
        return ReadRows();

        async IAsyncEnumerable<T> ReadRows([EnumeratorCancellation] CancellationToken cancel = default)
        {
            await using var rows = await connection.ExecuteReaderAsync(sql, parameters);
            var readRow = rows.GetRowParser(typeof(T));
            while (await rows.ReadAsync(cancel))
                yield return (T)readRow(rows);
        }
    }
}
