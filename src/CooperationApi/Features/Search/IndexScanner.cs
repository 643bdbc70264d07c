using System.Data.Common;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Features.Search;

/// <summary>
/// Runs the queries of one search on the full-text indexes. The cost of a scan is bounded, however many records match: a scan covers a
/// window of row ids, and continues beyond it only if a token of the expression is selective. Ranking, counts and the unranked rest share
/// the first scan.
/// </summary>
internal sealed class IndexScanner(DbConnection connection)
{
    // WindowSize: row ids per scan, divided by the number of tokens. SelectiveMax: a token in at most this many records is selective.
    // ProbeOffset: the token whose match at this offset has the highest row id counts as the rarest.
    private const int WindowSize = 60_000, SelectiveMax = 2500, ProbeOffset = 100;

    private readonly Dictionary<(string Table, string Expression), (IndexScan Scan, int MaxRows)> firstScans = [];
    private readonly Dictionary<(string Table, string Expression, int Offset), long?> nthMatches = [];
    private long? maxRowId;

    /// <summary>Returns the first matches after a row id, at most <paramref name="maxRows"/>.</summary>
    public async Task<IndexScan> Scan(MatchExpression match, int maxRows, long afterRowId = 0)
    {
        if (afterRowId > 0)
            return await ScanWindow(match, maxRows, afterRowId);
        var key = (match.Table, match.Expression);
        if (!firstScans.TryGetValue(key, out var cachedScan) || cachedScan.MaxRows < maxRows)
            firstScans[key] = cachedScan = (await ScanWindow(match, maxRows, afterRowId), maxRows);
        return cachedScan.Scan.RowIds.Count <= maxRows
            ? cachedScan.Scan
            : new([.. cachedScan.Scan.RowIds.Take(maxRows)], cachedScan.Scan.RowIds[maxRows - 1]);
    }

    private async Task<IndexScan> ScanWindow(MatchExpression match, int maxRows, long afterRowId)
    {
        var endRowId = maxRowId ??= await connection.QuerySingleAsync<long>("SELECT coalesce(max(row_id), 0) FROM search_document");
        var rowIds = new List<long>();
        var throughRowId = Math.Min(endRowId, SearchIndexWriter.GetBlockEnd(afterRowId + WindowSize / match.TokenCount));
        await ScanThrough(match.BuildExpressionForRange(afterRowId + 1, throughRowId));
        if (rowIds.Count < maxRows && throughRowId < endRowId && await IsSelective(match))
        {
            (afterRowId, throughRowId) = (throughRowId, endRowId);
            await ScanThrough(match.Expression);
        }
        return new(rowIds, rowIds.Count == maxRows ? rowIds[^1] : throughRowId < endRowId ? throughRowId : null);

        async Task ScanThrough(string expression) => rowIds.AddRange(await connection.QueryAsync<long>(
            $"SELECT rowid FROM {match.Table} WHERE {match.Table} MATCH @expression AND rowid > @afterRowId AND rowid <= @throughRowId "
            + $"ORDER BY rowid LIMIT @limit",
            new { expression, afterRowId, throughRowId, limit = maxRows - rowIds.Count }));
    }

    /// <summary>
    /// Returns true if a required token is in few records: the index then skips from one of its matches to the next. Counts only the token
    /// that seems the rarest.
    /// </summary>
    private async Task<bool> IsSelective(MatchExpression match)
    {
        var rarest = (Token: "", RowId: 0L);
        foreach (var token in match.Terms.SelectMany(term => term.RequiredTokens))
        {
            if (await FindNthMatch(match.Table, token, ProbeOffset) is not { } rowId)
                return true;
            if (rowId > rarest.RowId)
                rarest = (token, rowId);
        }
        return await FindNthMatch(match.Table, rarest.Token, SelectiveMax) is null;
    }

    /// <summary>Returns the row id of the match at <paramref name="offset"/>, counted from 0; null if there are fewer matches.</summary>
    private async Task<long?> FindNthMatch(string table, string expression, int offset)
    {
        if (!nthMatches.TryGetValue((table, expression, offset), out var rowId))
        {
            nthMatches[(table, expression, offset)] = rowId = await connection.QuerySingleOrDefaultAsync<long?>(
                $"SELECT rowid FROM {table} WHERE {table} MATCH @expression ORDER BY rowid LIMIT 1 OFFSET @offset",
                new { expression, offset });
        }
        return rowId;
    }
}
