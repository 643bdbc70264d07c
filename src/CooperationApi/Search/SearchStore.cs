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

    /// <summary>The pillars to which a record must belong, or a group of cooperation that it names, if any are given.</summary>
    public required IReadOnlyList<string> Pillars { get; init; }

    /// <summary>The first and the last day of the span that a record must be about a part of, if they are given.</summary>
    public required string? From { get; init; }

    /// <inheritdoc cref="From"/>
    public required string? To { get; init; }

    /// <summary>Whether only names are looked at, for suggestions while somebody types.</summary>
    public required bool Suggest { get; init; }

    public required int Limit { get; init; }

    /// <summary>The rank, and the type and id or the number, of the record before the page.</summary>
    public (long Rank, string Place)? After { get; init; }
}

/// <summary>A page of a search: what was found, with where the next page begins.</summary>
internal sealed record FoundPage(IReadOnlyList<(Found Found, StoredRecord Record)> Rows, (long Rank, string Place)? Next, bool IsWhole, IReadOnlyList<(string Type, int Count, bool OrMore)> Facets, Mark Mark);

/// <summary>
/// Finds records by their words. However many have them, a page costs no more than so much: of what is found only
/// so many are ranked, those whose names have the words before the others, and among these the first that were made. What is found beyond follows
/// unranked, so that nothing is left out.
/// </summary>
internal sealed class SearchStore(Database database, Catalog catalog)
{
    private const int MostRanked = 200, MostCounted = 500, MostWordEndings = 300, MostOfOneName = 40, MostLooks = 8, ReadAtOnce = 500;

    // The rank of what was not ranked.
    private const long Unranked = long.MaxValue;

    /// <summary>What one search works with, in one state of the store.</summary>
    private sealed record Run(DbConnection Connection, SearchQuery Query, SearchMatch Match)
    {
        public Looks Looks { get; } = new(Connection);
    }

    /// <summary>The page that a search asks for.</summary>
    public Task<FoundPage> Find(SearchQuery query, CancellationToken cancel) => database.Read(async connection =>
    {
        var run = await RunOf(connection, query);
        var (ranked, isWhole) = await Ranked(run);
        var page = ranked
            .SkipWhile(row => query.After is var (rank, place) && (row.Rank, string.CompareOrdinal(row.Place, place)).CompareTo((rank, 0)) <= 0)
            .Take(query.Limit + 1).ToList();
        var seen = (long?)null;
        if (!isWhole && !query.Suggest && page.Count <= query.Limit)
        {
            var after = query.After is { Rank: Unranked } beyond ? long.Parse(beyond.Place, CultureInfo.InvariantCulture) : 0;
            var (rest, end) = await Rest(run, after, ranked, query.Limit + 1 - page.Count);
            page.AddRange(rest.Select(found => (found, Unranked, Text(found.Number))));
            seen = end;
        }
        var rows = page.Take(query.Limit).ToList();
        var records = await Records(connection, rows.Select(row => row.Found));
        var facets = query.Suggest ? [] : await Facets(run, isWhole ? ranked.Select(row => row.Found) : null);
        var next = page.Count > query.Limit ? (rows[^1].Rank, rows[^1].Place) : seen is { } place ? (Unranked, Text(place)) : ((long, string)?)null;
        return new FoundPage([.. rows.Select(row => (row.Found, records[row.Found.Number]))], next, isWhole, facets, await Database.MarkOf(connection));
    }, cancel);

    /// <summary>
    /// Everything that a search finds, in the order of its pages, while one state of the store is seen. <paramref name="shape"/> is the row of a record.
    /// </summary>
    public Task ReadAll(SearchQuery query, Func<Found, StoredRecord, Row> shape, Func<Rows, Task> use, CancellationToken cancel) => database.Read(async connection =>
    {
        var run = await RunOf(connection, query);
        var (ranked, isWhole) = await Ranked(run);
        // For who is still typing, the best are enough.
        var goesOn = !isWhole && !query.Suggest;
        var count = goesOn ? await Count(connection, run.Match.Anywhere) : ranked.Count;
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
            for (var after = goesOn ? 0L : (long?)null; after is not null;)
            {
                cancel.ThrowIfCancellationRequested();
                var (some, end) = await Rest(run, after.Value, ranked, ReadAtOnce);
                var records = await Records(connection, some);
                foreach (var found in some)
                    yield return shape(found, records[found.Number]);
                after = end;
            }
        }
    }, cancel);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<Run> RunOf(DbConnection connection, SearchQuery query) =>
        new(connection, query, new(query, await LastWords(connection, query.Terms), await GroupsOf(connection, query.Pillars)));

    /// <summary>The groups of cooperation of some pillars; null if it doesn't matter.</summary>
    private static async Task<IReadOnlyList<string>?> GroupsOf(DbConnection connection, IReadOnlyList<string> pillars)
    {
        if (pillars.Count == 0)
            return null;
        var groups = new List<string>();
        foreach (var pillar in pillars)
            groups.AddRange(await connection.QueryAsync<string>("SELECT id FROM cooperation_group WHERE pillar = @pillar ORDER BY id", new { pillar }));
        return groups;
    }

    /// <summary>What is ranked, best first, and whether that is all there is.</summary>
    private async Task<(IReadOnlyList<(Found Found, long Rank, string Place)> Rows, bool AreAll)> Ranked(Run run)
    {
        var (numbers, areAll) = await Candidates(run);
        var rows = (await Read(run, numbers)).Select(found => (Found: found, Rank: Ranking.Of(found, run.Query.Terms, run.Query.Suggest), Place: $"{found.Id}/{found.Type}"));
        return ([.. rows.OrderBy(row => row.Rank).ThenBy(row => row.Place, StringComparer.Ordinal)], areAll);
    }

    /// <summary>What the last word, if it is still being typed, may become: itself at least. None, if that is too much to be listed.</summary>
    private static async Task<IReadOnlyList<string>> LastWords(DbConnection connection, SearchTerms terms)
    {
        if (terms.All is not [.., { IsPrefix: true } last])
            return [];
        var word = last.Words[0];
        var endings = (await connection.QueryAsync<string>("SELECT word FROM search_word WHERE word >= @word AND word < @end ORDER BY word LIMIT @most",
            new { word, end = word + '\uFFFF', most = MostWordEndings })).AsList();
        return endings.Count switch { 0 => [word], MostWordEndings => [], _ => endings };
    }

    private async Task<(IReadOnlySet<long> Numbers, bool AreAll)> Candidates(Run run)
    {
        var named = await run.Looks.For(run.Match.InNames, MostRanked);
        var numbers = named.Numbers.ToHashSet();
        if (named.End is not null)
        {
            numbers.UnionWith(await Meant(run));
            if (run.Query.Terms.AreExact)
                numbers.UnionWith((await run.Looks.For(run.Match.InNamesExactly, MostRanked)).Numbers);
        }
        if (run.Query.Suggest || named.Numbers.Count == MostRanked)
            return (numbers, named.End is null);
        var anywhere = await run.Looks.For(run.Match.Anywhere, MostCounted);
        numbers.UnionWith(anywhere.Numbers.Take(MostRanked));
        return (numbers, named.End is null && anywhere.End is null && anywhere.Numbers.Count <= MostRanked);
    }

    /// <summary>Records with the title that was typed, which has all of the words. What narrows the search is looked for in themselves.</summary>
    private async Task<IReadOnlyList<long>> Meant(Run run)
    {
        var equal = (await run.Connection.QueryAsync<Found>("SELECT number, type, id, name_key, names, texts FROM search_row WHERE name_key = @Key ORDER BY number LIMIT @MostOfOneName",
            new { run.Query.Terms.Key, MostOfOneName })).AsList();
        var records = await Records(run.Connection, equal);
        return [.. equal.Where(found => run.Match.Admits(catalog.Derive(found.Type, records[found.Number].Body).Search.Facets.Split(' ').ToHashSet())).Select(found => found.Number)];
    }

    private static Task<long> Count(DbConnection connection, Match match) =>
        connection.QuerySingleAsync<long>($"SELECT count(*) FROM {match.Table} WHERE {match.Table} MATCH @Expression", new { match.Expression });

    // Who is still typing looks at names only.
    private static async Task<IReadOnlyList<Found>> Read(Run run, IEnumerable<long> numbers) => (await run.Connection.QueryAsync<Found>(
        $"SELECT number, type, id, name_key, names, {(run.Query.Suggest ? "''" : "texts")} AS texts FROM search_row WHERE number IN ({string.Join(',', numbers)})")).AsList();

    /// <summary>
    /// What is found beyond what is ranked, after a number, and the number up to which it was looked; null if there is nothing beyond. Found may be none even if
    /// there is something beyond: what is rare among much else isn't looked for without end.
    /// </summary>
    private static async Task<(IReadOnlyList<Found> Rows, long? End)> Rest(Run run, long after, IReadOnlyList<(Found Found, long, string)> ranked, int most)
    {
        var known = ranked.Select(row => row.Found.Number).ToHashSet();
        for (var looks = 1; ; looks++)
        {
            var looked = await run.Looks.For(run.Match.Anywhere, most + known.Count, after);
            var beyond = looked.Numbers.Where(number => !known.Contains(number)).ToList();
            if (beyond.Count == 0 && looked.End is { } end && looks < MostLooks)
            {
                after = end;
                continue;
            }
            var numbers = beyond.Take(most).ToList();
            return ([.. (await Read(run, numbers)).OrderBy(found => found.Number)], beyond.Count > most ? numbers[^1] : looked.End);
        }
    }

    private static async Task<Dictionary<long, StoredRecord>> Records(DbConnection connection, IEnumerable<Found> rows)
    {
        var numbers = string.Join(',', rows.Select(row => row.Number));
        var records = await connection.QueryAsync<StoredRecord>(
            $"""
            SELECT {StoredRecord.Columns}, record.number AS sort_value
            FROM record WHERE record.number IN ({numbers})
            """);
        return records.ToDictionary(record => (long)record.SortValue, record => record.Checked());
    }

    /// <summary>
    /// How many records of each type were found, whatever types are asked for. Of many only the first are counted; types that are not among these are looked for
    /// by themselves, as most of them have few records.
    /// </summary>
    private async Task<IReadOnlyList<(string, int, bool)>> Facets(Run run, IEnumerable<Found>? all)
    {
        if (all is not null && run.Query.Types.Count == 0)
            return InOrder(all.CountBy(found => found.Type).ToDictionary(count => count.Key, count => (count.Value, false)));
        var first = await run.Looks.For(run.Match.OfTypes(), MostCounted);
        var counts = await OfEachType(run.Connection, first);
        var missing = catalog.Types.Where(type => !counts.ContainsKey(type)).ToList();
        if (first.End is not null && missing.Count > 0)
        {
            var others = await run.Looks.For(run.Match.OfTypes(missing), MostCounted);
            foreach (var (type, count) in await OfEachType(run.Connection, others))
                counts[type] = count;
            foreach (var type in missing.Where(type => others.End is not null && !counts.ContainsKey(type)))
                counts[type] = (0, true);
        }
        return InOrder(counts);
    }

    private static async Task<Dictionary<string, (int Count, bool OrMore)>> OfEachType(DbConnection connection, Looked looked)
    {
        var counts = await connection.QueryAsync<(string Type, int Count)>(
            $"SELECT type, count(*) FROM search_row WHERE number IN ({string.Join(',', looked.Numbers)}) GROUP BY type");
        return counts.ToDictionary(count => count.Type, count => (count.Count, looked.End is not null));
    }

    private IReadOnlyList<(string, int, bool)> InOrder(Dictionary<string, (int Count, bool OrMore)> counts) =>
        [.. catalog.Types.Where(counts.ContainsKey).Select(type => (type, counts[type].Count, counts[type].OrMore))];
}
