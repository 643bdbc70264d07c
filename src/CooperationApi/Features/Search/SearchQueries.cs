using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;
using Dapper;
using Microsoft.Extensions.Caching.Memory;

namespace CooperationApi.Features.Search;

/// <summary>
/// Finds records by their words. The cost of a page is bounded, however many records match: each candidate query adds at most
/// <see cref="MaxRanked"/> matches to the ranking, matches in names first and the lowest row ids first. All other matches follow unranked.
/// </summary>
internal sealed class SearchQueries(Database database, ResourceCatalog catalog) : IDisposable
{
    private const int MaxRanked = 200, MaxCounted = 500, MaxCompletions = 300, MaxSameTitle = 40, MaxScans = 8, BatchSize = 500;

    // Entries.
    private const int MaxNthMatches = 10_000;

    // Far above any row id, and far enough below the maximum of the type for sums.
    private const long MaxRowId = 1L << 53;

    private readonly MemoryCache nthMatches = new(new MemoryCacheOptions { SizeLimit = MaxNthMatches });

    /// <summary>The connection, query and expressions of one search, in one read transaction.</summary>
    private sealed record Context(DbConnection Connection, SearchQuery Query, MatchExpressionBuilder Expressions, IndexScanner Scanner);

    /// <summary>Returns a page of the matches in the transaction of the connection.</summary>
    public async Task<SearchResultPage> Find(DbConnection connection, SearchQuery query, CancellationToken cancel)
    {
        var context = await CreateContext(connection, query);
        var (ranked, isFullyRanked) = await RankCandidates(context, cancel);
        var page = ranked
            .SkipWhile(
                row => query.StartAfter is var (rank, sortKey)
                    && (row.Rank, string.CompareOrdinal(row.SortKey, sortKey)).CompareTo((rank, 0)) <= 0)
            .Take(query.Limit + 1).ToList();
        var scannedThrough = (long?)null;
        if (!isFullyRanked && !query.IsSuggestion && page.Count <= query.Limit)
        {
            var afterRowId = query.StartAfter is { Rank: SearchRanking.UnrankedRank } lastUnranked
                ? long.Parse(lastUnranked.SortKey, CultureInfo.InvariantCulture)
                : 0;
            var (unranked, end) = await ScanUnranked(context, afterRowId, ranked, query.Limit + 1 - page.Count);
            page.AddRange(unranked.Select(candidate => (candidate, SearchRanking.UnrankedRank, FormatRowId(candidate.RowId))));
            scannedThrough = end;
        }
        var rows = page.Take(query.Limit).ToList();
        var records = await ReadRecords(connection, rows.Select(row => row.Candidate));
        var facets = query.IsSuggestion ? [] : await CountFacets(context, isFullyRanked ? ranked.Select(row => row.Candidate) : null);
        var next = page.Count > query.Limit
            ? (rows[^1].Rank, rows[^1].SortKey)
            : scannedThrough is { } rowId ? (SearchRanking.UnrankedRank, FormatRowId(rowId)) : ((long, string)?)null;
        return new SearchResultPage([.. rows.Select(row => (row.Candidate, records[row.Candidate.RowId]))], next, isFullyRanked, facets,
            await Database.ReadVersion(connection));
    }

    /// <summary>
    /// Streams all matches in page order in one read transaction. <paramref name="createRow"/> returns the row of a match.
    /// </summary>
    public Task ReadAll(SearchQuery query, Func<SearchCandidate, RecordRow, JsonRow> createRow, Func<RowStream, Task> consume,
        CancellationToken cancel) => database.Read(async connection =>
    {
        var context = await CreateContext(connection, query);
        var (ranked, isFullyRanked) = await RankCandidates(context, cancel);
        // Suggestions consist of the ranked matches only.
        var hasUnranked = !isFullyRanked && !query.IsSuggestion;
        var count = hasUnranked ? await CountMatches(connection, context.Expressions.FullTextMatch) : ranked.Count;
        await consume(new((await Database.ReadVersion(connection)).Token, count, EnumerateRows()));
        return count;

        async IAsyncEnumerable<JsonRow> EnumerateRows()
        {
            foreach (var batch in ranked.Select(row => row.Candidate).Chunk(BatchSize))
            {
                var records = await ReadRecords(connection, batch);
                foreach (var candidate in batch)
                    yield return createRow(candidate, records[candidate.RowId]);
            }
            for (var afterRowId = hasUnranked ? 0L : (long?)null; afterRowId is not null;)
            {
                cancel.ThrowIfCancellationRequested();
                var (batch, end) = await ScanUnranked(context, afterRowId.Value, ranked, BatchSize);
                var records = await ReadRecords(connection, batch);
                foreach (var candidate in batch)
                    yield return createRow(candidate, records[candidate.RowId]);
                afterRowId = end;
            }
        }
    }, cancel);

    public void Dispose() => nthMatches.Dispose();

    /// <summary>Returns true if a match can have the rank and the sort key.</summary>
    public bool IsPosition((long Rank, string SortKey) position) => position.Rank switch
    {
        SearchRanking.UnrankedRank => long.TryParse(position.SortKey, NumberStyles.None, CultureInfo.InvariantCulture, out var rowId)
            && rowId is > 0 and <= MaxRowId,
        >= 0 and <= SearchRanking.MaxRank => position.SortKey.Split('/') is [var id, var type] && Slug.IsSlug(id)
            && catalog.Types.Contains(type),
        _ => false,
    };

    private static string FormatRowId(long rowId) => rowId.ToString(CultureInfo.InvariantCulture);

    private async Task<Context> CreateContext(DbConnection connection, SearchQuery query)
    {
        await RecordQueries.EnsureRequiredRecordsExist(connection, query.Provinces);
        var (completions, groupIds) = (await FindCompletions(connection, query.Terms), await FindGroupIds(connection, query.Pillars));
        var version = await Database.ReadVersion(connection);
        return new(connection, query, new(query, completions, groupIds), new(connection, database.FullText, nthMatches, version.Token));
    }

    /// <summary>Returns the ids of the cooperation groups of some pillars; null if no pillar is given.</summary>
    private static async Task<IReadOnlyList<string>?> FindGroupIds(DbConnection connection, IReadOnlyList<string> pillars)
    {
        if (pillars.Count == 0)
            return null;
        var parameters = new DynamicParameters();
        var placeholders = string.Join(", ", parameters.AddEach("pillar", pillars));
        return (await connection.QueryAsync<string>($"SELECT id FROM cooperation_group WHERE pillar IN ({placeholders}) ORDER BY id",
            parameters)).AsList();
    }

    /// <summary>Returns the ranked matches, best first; `IsComplete` is true if there are no other matches.</summary>
    private async Task<(IReadOnlyList<(SearchCandidate Candidate, long Rank, string SortKey)> Rows, bool IsComplete)> RankCandidates(
        Context context, CancellationToken cancel)
    {
        var (rowIds, isComplete) = await FindCandidates(context, cancel);
        var rows = (await ReadCandidates(context, rowIds)).WithCancellation(cancel).Select(candidate => (Candidate: candidate,
            Rank: SearchRanking.ComputeRank(candidate, context.Query.Terms.ForType(candidate.Type), context.Query.IsSuggestion),
            SortKey: $"{candidate.Id}/{candidate.Type}"));
        return ([.. rows.OrderBy(row => row.Rank).ThenBy(row => row.SortKey, StringComparer.Ordinal)], isComplete);
    }

    /// <summary>
    /// Returns the words that begin with the last word, or that word itself if there are none. Empty if the last word is no prefix, or if
    /// there are at least <see cref="MaxCompletions"/> such words.
    /// </summary>
    private static async Task<IReadOnlyList<string>> FindCompletions(DbConnection connection, SearchTerms terms)
    {
        if (terms.Items is not [.., { IsPrefix: true } lastTerm])
            return [];
        var word = lastTerm.Words[0];
        var completions = (await connection.QueryAsync<string>(
            "SELECT word FROM search_word WHERE word >= @word AND word < @end ORDER BY word LIMIT @MaxCompletions",
            new { word, end = word + '\uFFFF', MaxCompletions })).AsList();
        return completions.Count switch { 0 => [word], MaxCompletions => [], _ => completions };
    }

    private async Task<(IReadOnlySet<long> RowIds, bool IsComplete)> FindCandidates(Context context, CancellationToken cancel)
    {
        var namesScan = await context.Scanner.Scan(context.Expressions.NamesMatch, MaxRanked);
        var rowIds = namesScan.RowIds.ToHashSet();
        if (namesScan.ScannedThrough is not null)
        {
            rowIds.UnionWith(await FindByTitle(context, cancel));
            // Titles do not find a province by an alias.
            if (context.Query.Types.Count == 0 || context.Query.Types.Contains(ResourceTypes.Provinces))
                rowIds.UnionWith((await context.Scanner.Scan(context.Expressions.ProvinceNamesMatch, MaxRanked)).RowIds);
            if (context.Query.Terms.HasDiacritics)
                rowIds.UnionWith((await context.Scanner.Scan(context.Expressions.ExactNamesMatch, MaxRanked)).RowIds);
        }
        if (context.Query.IsSuggestion || namesScan.RowIds.Count == MaxRanked)
            return (rowIds, namesScan.ScannedThrough is null);
        var fullTextScan = await context.Scanner.Scan(context.Expressions.FullTextMatch, MaxCounted);
        rowIds.UnionWith(fullTextScan.RowIds.Take(MaxRanked));
        return (rowIds, namesScan.ScannedThrough is null && fullTextScan.ScannedThrough is null && fullTextScan.RowIds.Count <= MaxRanked);
    }

    /// <summary>
    /// Returns records whose title equals the search text and therefore has all terms. The filters are applied to the facets of each
    /// record.
    /// </summary>
    private async Task<IReadOnlyList<long>> FindByTitle(Context context, CancellationToken cancel)
    {
        var provinceName = context.Query.Terms.ForType(ResourceTypes.Provinces).FoldedText;
        var sameTitle = (await context.Connection.QueryAsync<SearchCandidate>(
            $"SELECT row_id, type, id, title_key, names, texts FROM search_document WHERE title_key = @FoldedText "
            + $"OR (title_key = @provinceName AND type = '{ResourceTypes.Provinces}') ORDER BY row_id LIMIT @MaxSameTitle",
            new { context.Query.Terms.FoldedText, provinceName, MaxSameTitle })).AsList();
        var records = await ReadRecords(context.Connection, sameTitle);
        return [.. sameTitle.WithCancellation(cancel).Where(
            candidate => context.Expressions.Accepts(
                catalog.ToUpsert(candidate.Type, records[candidate.RowId].Body).Search.Facets.Split(' ').ToHashSet()))
                .Select(candidate => candidate.RowId)];
    }

    private Task<long> CountMatches(DbConnection connection, MatchExpression match)
    {
        var condition = database.FullText.CreateCondition(match, "match");
        return connection.QuerySingleAsync<long>($"SELECT count(*) FROM {match.Table} WHERE {condition.Sql}",
            new DynamicParameters(condition.Parameters));
    }

    // Suggestions use names only.
    private static async Task<IReadOnlyList<SearchCandidate>> ReadCandidates(Context context, IEnumerable<long> rowIds) =>
        (await context.Connection.QueryAsync<SearchCandidate>(
            $"SELECT row_id, type, id, title_key, names, {(context.Query.IsSuggestion ? "''" : "texts")} AS texts FROM search_document "
            + $"WHERE row_id IN ({JoinRowIds(rowIds)})")).AsList();

    /// <summary>
    /// Returns unranked matches after a row id, and the last row id that was scanned; null if the end of the index was reached. The rows
    /// can be empty before the end: the method stops after <see cref="MaxScans"/> scans without a match, which limits the cost of rare
    /// combinations of frequent words.
    /// </summary>
    private static async Task<(IReadOnlyList<SearchCandidate> Rows, long? ScannedThrough)> ScanUnranked(
        Context context, long afterRowId, IReadOnlyList<(SearchCandidate Candidate, long Rank, string SortKey)> ranked, int maxRows)
    {
        var rankedRowIds = ranked.Select(row => row.Candidate.RowId).ToHashSet();
        for (var scanCount = 1; ; scanCount++)
        {
            var scan = await context.Scanner.Scan(context.Expressions.FullTextMatch, maxRows + rankedRowIds.Count, afterRowId);
            var unrankedRowIds = scan.RowIds.Where(rowId => !rankedRowIds.Contains(rowId)).ToList();
            if (unrankedRowIds.Count == 0 && scan.ScannedThrough is { } end && scanCount < MaxScans)
            {
                afterRowId = end;
                continue;
            }
            var rowIds = unrankedRowIds.Take(maxRows).ToList();
            return ([.. (await ReadCandidates(context, rowIds)).OrderBy(candidate => candidate.RowId)],
                unrankedRowIds.Count > maxRows ? rowIds[^1] : scan.ScannedThrough);
        }
    }

    private static async Task<Dictionary<long, RecordRow>> ReadRecords(DbConnection connection, IEnumerable<SearchCandidate> candidates)
    {
        var rowIds = JoinRowIds(candidates.Select(candidate => candidate.RowId));
        var records = await connection.QueryAsync<RecordRow>(
            $"""
            SELECT {RecordRow.Columns}, record.row_id AS sort_value
            FROM record WHERE record.row_id IN ({rowIds})
            """);
        return records.ToDictionary(record => (long)record.SortValue!, record => record.Verify());
    }

    /// <summary>
    /// Returns the number of matches of each type, regardless of the `types` filter. Counts at most the first <see cref="MaxCounted"/>
    /// matches. Types without a match among these get one more scan, since most of them have few records.
    /// </summary>
    private async Task<IReadOnlyList<TypeCount>> CountFacets(Context context, IEnumerable<SearchCandidate>? allCandidates)
    {
        if (allCandidates is not null && context.Query.Types.Count == 0)
        {
            var candidateCounts = allCandidates.CountBy(candidate => candidate.Type).ToDictionary();
            return [.. catalog.Types.Where(candidateCounts.ContainsKey)
                .Select(type => new TypeCount { Type = type, Count = candidateCounts[type] })];
        }
        var firstScan = await context.Scanner.Scan(context.Expressions.BuildForTypes(), MaxCounted);
        var counts = await CountByType(context.Connection, firstScan);
        var missingTypes = catalog.Types.Where(type => !counts.ContainsKey(type)).ToList();
        if (firstScan.ScannedThrough is not null && missingTypes.Count > 0)
        {
            var missingTypesScan = await context.Scanner.Scan(context.Expressions.BuildForTypes(missingTypes), MaxCounted);
            foreach (var (type, count) in await CountByType(context.Connection, missingTypesScan))
                counts[type] = count;
            foreach (var type in missingTypes.Where(type => missingTypesScan.ScannedThrough is not null && !counts.ContainsKey(type)))
                counts[type] = new() { Type = type, Count = 0, OrMore = true };
        }
        return [.. catalog.Types.Where(counts.ContainsKey).Select(type => counts[type])];
    }

    // An empty list is not valid SQL on every engine; NULL equals no row id.
    private static string JoinRowIds(IEnumerable<long> rowIds) => string.Join(',', rowIds) is { Length: > 0 } list ? list : "NULL";

    private static async Task<Dictionary<string, TypeCount>> CountByType(DbConnection connection, IndexScan scan)
    {
        var counts = await connection.QueryAsync<TypeCount>(
            $"SELECT type, count(*) AS count FROM search_document WHERE row_id IN ({JoinRowIds(scan.RowIds)}) GROUP BY type");
        return counts.ToDictionary(count => count.Type,
            count => scan.ScannedThrough is null ? count : count with { OrMore = true });
    }
}
