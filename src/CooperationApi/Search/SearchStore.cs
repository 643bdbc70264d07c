using System.Data.Common;
using System.Globalization;
using CooperationApi.Formats;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Search;

/// <summary>What a search asks for, read and checked.</summary>
internal sealed record SearchQuery
{
    public required SearchTerms Terms { get; init; }

    /// <summary>The only types to find, if any are given.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The provinces of which a record must name one, if any are given.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>What else a record must fulfil, over `search_row`.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>Whether only names are looked at, for suggestions while somebody types.</summary>
    public required bool Suggest { get; init; }

    public required int Limit { get; init; }

    /// <summary>The rank, and the type and id or the number, of the record before the page.</summary>
    public (long Rank, string Place)? After { get; init; }
}

/// <summary>A page of a search: what was found, with where the next page begins.</summary>
internal sealed record FoundPage(IReadOnlyList<(Found Found, StoredRecord Record)> Rows, (long Rank, string Place)? Next, bool IsWhole, IReadOnlyList<(string Type, int Count, bool OrMore)> Facets, Mark Mark);

/// <summary>
/// Finds records by their words. However many have them, only so many are ranked: those whose names have the words before the others, and
/// among these the first that were written. What is found beyond follows unranked, so that nothing is left out.
/// </summary>
internal sealed class SearchStore(Database database, Catalog catalog)
{
    private const int MostRanked = 200, MostCounted = 100, MostWordEndings = 300, ReadAtOnce = 500;

    // The rank of what was not ranked.
    private const long Unranked = long.MaxValue;

    /// <summary>The page that a search asks for.</summary>
    public Task<FoundPage> Find(SearchQuery query, CancellationToken cancel) => database.Read(async connection =>
    {
        var match = await Match(connection, query);
        var (ranked, isWhole) = await Ranked(connection, query, match);
        var page = ranked
            .SkipWhile(row => query.After is var (rank, place) && (row.Rank, string.CompareOrdinal(row.Place, place)).CompareTo((rank, 0)) <= 0)
            .Take(query.Limit + 1).ToList();
        if (!isWhole && !query.Suggest && page.Count <= query.Limit)
        {
            var after = query.After is { Rank: Unranked } beyond ? long.Parse(beyond.Place, CultureInfo.InvariantCulture) : 0;
            var rest = await Rest(connection, query, match, after, ranked, query.Limit + 1 - page.Count);
            page.AddRange(rest.Select(found => (found, Unranked, found.Number.ToString(CultureInfo.InvariantCulture))));
        }
        var rows = page.Take(query.Limit).ToList();
        var records = await Records(connection, rows.Select(row => row.Found));
        var facets = query.Suggest ? [] : await Facets(connection, query, match, isWhole ? ranked.Select(row => row.Found) : null);
        return new FoundPage([.. rows.Select(row => (row.Found, records[row.Found.Number]))],
            page.Count > query.Limit ? (rows[^1].Rank, rows[^1].Place) : null, isWhole, facets, await Database.MarkOf(connection));
    }, cancel);

    /// <summary>
    /// Everything that a search finds, in the order of its pages, while one state of the store is seen. <paramref name="shape"/> is the row of a record.
    /// </summary>
    public Task ReadAll(SearchQuery query, Func<Found, StoredRecord, Row> shape, Func<Rows, Task> use, CancellationToken cancel) => database.Read(async connection =>
    {
        var match = await Match(connection, query);
        var (ranked, isWhole) = await Ranked(connection, query, match);
        // For who is still typing, the best are enough.
        var goesOn = !isWhole && !query.Suggest;
        var count = !goesOn ? ranked.Count : await Count(connection, query, match.Anywhere);
        await use(new((await Database.MarkOf(connection)).Text, count, Read()));
        return count;

        async IAsyncEnumerable<Row> Read()
        {
            foreach (var some in ranked.Select(row => row.Found).Chunk(ReadAtOnce))
            {
                var records = await Records(connection, some);
                foreach (var found in some)
                    yield return shape(found, records[found.Number]);
            }
            for (var after = 0L; goesOn;)
            {
                cancel.ThrowIfCancellationRequested();
                var some = await Rest(connection, query, match, after, ranked, ReadAtOnce);
                var records = await Records(connection, some);
                foreach (var found in some)
                    yield return shape(found, records[found.Number]);
                if (some.Count < ReadAtOnce)
                    yield break;
                after = some[^1].Number;
            }
        }
    }, cancel);

    private static async Task<SearchMatch> Match(DbConnection connection, SearchQuery query) =>
        new(query.Terms, await LastWords(connection, query.Terms), query.Types, query.ProvinceIds);

    /// <summary>What is ranked, best first, and whether that is all there is.</summary>
    private static async Task<(IReadOnlyList<(Found Found, long Rank, string Place)> Rows, bool AreAll)> Ranked(DbConnection connection, SearchQuery query, SearchMatch match)
    {
        var (numbers, areAll) = await Candidates(connection, query, match);
        var rows = (await Read(connection, numbers)).Select(found => (Found: found, Rank: Ranking.Of(found, query.Terms, query.Suggest), Place: $"{found.Id}/{found.Type}"));
        return ([.. rows.OrderBy(row => row.Rank).ThenBy(row => row.Place, StringComparer.Ordinal)], areAll);
    }

    /// <summary>What the last word, if it is still being typed, may become: itself at least. Too many endings are left to the index.</summary>
    private static async Task<IReadOnlyList<string>> LastWords(DbConnection connection, SearchTerms terms)
    {
        if (terms.All is not [.., { IsPrefix: true } last])
            return [];
        var word = last.Words[0];
        var endings = (await connection.QueryAsync<string>("SELECT word FROM search_word WHERE word >= @word AND word < @end ORDER BY word LIMIT @most",
            new { word, end = word + '\uFFFF', most = MostWordEndings })).AsList();
        return endings.Count is 0 or MostWordEndings ? [word] : endings;
    }

    private static async Task<(IReadOnlySet<long> Numbers, bool AreAll)> Candidates(DbConnection connection, SearchQuery query, SearchMatch match)
    {
        var named = await Numbers(connection, query, match.InNames, MostRanked);
        var numbers = named.ToHashSet();
        if (named.Count == MostRanked)
        {
            numbers.UnionWith(await Numbers(connection, query, match.InNames, MostRanked, "search_index.rowid IN (SELECT number FROM search_row WHERE name_key = @key LIMIT 100)"));
            if (query.Terms.AreExact)
                numbers.UnionWith(await Numbers(connection, query, match.InNamesExactly, MostRanked));
            return (numbers, false);
        }
        if (query.Suggest)
            return (numbers, true);
        var anywhere = await Numbers(connection, query, match.Anywhere, MostRanked);
        numbers.UnionWith(anywhere);
        return (numbers, anywhere.Count < MostRanked);
    }

    private static async Task<List<long>> Numbers(DbConnection connection, SearchQuery query, string match, int most, string also = "", long after = 0)
    {
        var values = new DynamicParameters(query.Conditions.SelectMany(condition => condition.Values));
        values.AddDynamicParams(new { match, most, after, key = query.Terms.Key });
        var narrowed = new[] { also, after == 0 ? "" : "search_index.rowid > @after" }.Where(condition => condition.Length > 0);
        return (await connection.QueryAsync<long>($"SELECT search_index.rowid FROM {Where(query.Conditions, narrowed)} ORDER BY search_index.rowid LIMIT @most", values)).AsList();
    }

    private static Task<long> Count(DbConnection connection, SearchQuery query, string match)
    {
        var values = new DynamicParameters(query.Conditions.SelectMany(condition => condition.Values));
        values.Add("match", match);
        return connection.QuerySingleAsync<long>($"SELECT count(*) FROM {Where(query.Conditions, [])}", values);
    }

    /// <summary>The index, and what is asked of it. It leads: CROSS keeps SQLite from beginning with the rows.</summary>
    private static string Where(IReadOnlyList<Condition> conditions, IEnumerable<string> also) =>
        $"search_index {(conditions.Count == 0 ? "" : "CROSS JOIN search_row ON search_row.number = search_index.rowid")} WHERE "
        + string.Join(" AND ", conditions.Select(condition => condition.Predicate.Check).Prepend("search_index MATCH @match").Concat(also));

    private static async Task<IReadOnlyList<Found>> Read(DbConnection connection, IEnumerable<long> numbers) => (await connection.QueryAsync<Found>(
        $"SELECT number, type, id, name_key, names, texts FROM search_row WHERE number IN ({string.Join(',', numbers)})")).AsList();

    /// <summary>What is found beyond what is ranked, after a number.</summary>
    private static async Task<IReadOnlyList<Found>> Rest(
        DbConnection connection, SearchQuery query, SearchMatch match, long after, IReadOnlyList<(Found Found, long, string)> ranked, int most)
    {
        var known = ranked.Select(row => row.Found.Number).ToHashSet();
        var numbers = await Numbers(connection, query, match.Anywhere, most + known.Count, after: after);
        return [.. (await Read(connection, numbers.Where(number => !known.Contains(number)).Take(most))).OrderBy(found => found.Number)];
    }

    private static async Task<Dictionary<long, StoredRecord>> Records(DbConnection connection, IEnumerable<Found> rows)
    {
        var numbers = string.Join(',', rows.Select(row => row.Number));
        var records = await connection.QueryAsync<StoredRecord>(
            $"""
            SELECT record.id, record.revision, record.changed_at, record.hash, record.body, record.number AS sort_value
            FROM record WHERE record.number IN ({numbers})
            """);
        return records.ToDictionary(record => (long)record.SortValue, record => record.Checked());
    }

    private async Task<IReadOnlyList<(string, int, bool)>> Facets(DbConnection connection, SearchQuery query, SearchMatch match, IEnumerable<Found>? all)
    {
        if (all is not null && query.Types.Count == 0)
            return [.. all.CountBy(found => found.Type).Select(count => (count.Key, count.Value, false)).OrderBy(count => catalog.Types.ToList().IndexOf(count.Key))];
        var counts = new List<(string, int, bool)>();
        foreach (var type in catalog.Types)
        {
            var count = (await Numbers(connection, query, match.Of(type), MostCounted + 1)).Count;
            if (count > 0)
                counts.Add((type, Math.Min(count, MostCounted), count > MostCounted));
        }
        return counts;
    }
}
