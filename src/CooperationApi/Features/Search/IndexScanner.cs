using System.Data.Common;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Features.Search;

/// <summary>
/// What one search asks the full-text indexes. A look costs no more than so much, however many records have the words: it goes through a window of numbers,
/// and further only where something that is looked for is in few records. The first look is shared by what ranks, counts and goes on behind it.
/// </summary>
internal sealed class IndexScanner(DbConnection connection)
{
    // How many records one look goes through, fewer the more words it follows; in how few records something is to be, and how many tell how rare it seems.
    private const int WindowSize = 60_000, SelectiveMax = 2500, ProbeOffset = 100;

    private readonly Dictionary<(string Table, string Expression), (IndexScan Looked, int Most)> firstScans = [];
    private readonly Dictionary<(string Table, string Expression, int Offset), long?> nthMatches = [];
    private long? maxRowId;

    /// <summary>The first records after a number that fit, so many at most.</summary>
    public async Task<IndexScan> Scan(MatchExpression match, int maxRows, long afterRowId = 0)
    {
        if (afterRowId > 0)
            return await ScanWindow(match, maxRows, afterRowId);
        var key = (match.Table, match.Expression);
        if (!firstScans.TryGetValue(key, out var cachedScan) || cachedScan.Most < maxRows)
            firstScans[key] = cachedScan = (await ScanWindow(match, maxRows, afterRowId), maxRows);
        return cachedScan.Looked.RowIds.Count <= maxRows ? cachedScan.Looked : new([.. cachedScan.Looked.RowIds.Take(maxRows)], cachedScan.Looked.RowIds[maxRows - 1]);
    }

    private async Task<IndexScan> ScanWindow(MatchExpression match, int maxRows, long afterRowId)
    {
        var endRowId = maxRowId ??= await connection.QuerySingleAsync<long>("SELECT coalesce(max(number), 0) FROM search_row");
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
            $"SELECT rowid FROM {match.Table} WHERE {match.Table} MATCH @expression AND rowid > @afterRowId AND rowid <= @throughRowId ORDER BY rowid LIMIT @most",
            new { expression, afterRowId, throughRowId, most = maxRows - rowIds.Count }));
    }

    /// <summary>
    /// Whether something that is looked for is in few records: the index then goes from one of these to the next. What seems the rarest is counted.
    /// </summary>
    private async Task<bool> IsSelective(MatchExpression match)
    {
        var rarestToken = ("", Place: 0L);
        foreach (var token in match.Terms.SelectMany(term => term.RequiredTokens))
        {
            if (await FindNthMatch(match.Table, token, ProbeOffset) is not { } rowId)
                return true;
            if (rowId > rarestToken.Place)
                rarestToken = (token, rowId);
        }
        return await FindNthMatch(match.Table, rarestToken.Item1, SelectiveMax) is null;
    }

    /// <summary>The number of the record in which an expression is found for the so manieth time, if it is in so many.</summary>
    private async Task<long?> FindNthMatch(string table, string expression, int offset)
    {
        if (!nthMatches.TryGetValue((table, expression, offset), out var rowId))
        {
            nthMatches[(table, expression, offset)] = rowId = await connection.QuerySingleOrDefaultAsync<long?>(
                $"SELECT rowid FROM {table} WHERE {table} MATCH @expression ORDER BY rowid LIMIT 1 OFFSET @offset", new { expression, offset });
        }
        return rowId;
    }
}
