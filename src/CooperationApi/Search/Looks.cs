using System.Data.Common;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Search;

/// <summary>The numbers of the records that a look found, and the number up to which it looked; null if there is nothing beyond.</summary>
internal sealed record Looked(IReadOnlyList<long> Numbers, long? End);

/// <summary>
/// What one search asks the full-text indexes. A look costs no more than so much, however many records have the words: it goes through a window of numbers,
/// and further only where something that is looked for is in few records. The first look is shared by what ranks, counts and goes on behind it.
/// </summary>
internal sealed class Looks(DbConnection connection)
{
    // How many records one look goes through, fewer the more words it follows; in how few records something is to be, and how many tell how rare it seems.
    private const int Window = 60_000, Few = 2500, Probe = 100;

    private readonly Dictionary<(string Table, string Expression), (Looked Looked, int Most)> firstLooks = [];
    private readonly Dictionary<(string Table, string Expression, int Offset), long?> places = [];
    private long? last;

    /// <summary>The first records after a number that fit, so many at most.</summary>
    public async Task<Looked> For(Match match, int most, long after = 0)
    {
        if (after > 0)
            return await Look(match, most, after);
        var key = (match.Table, match.Expression);
        if (!firstLooks.TryGetValue(key, out var known) || known.Most < most)
            firstLooks[key] = known = (await Look(match, most, after), most);
        return known.Looked.Numbers.Count <= most ? known.Looked : new([.. known.Looked.Numbers.Take(most)], known.Looked.Numbers[most - 1]);
    }

    private async Task<Looked> Look(Match match, int most, long after)
    {
        var end = last ??= await connection.QuerySingleAsync<long>("SELECT coalesce(max(number), 0) FROM search_row");
        var numbers = new List<long>();
        var until = Math.Min(end, SearchIndex.EndOfBlock(after + Window / match.Words));
        await LookUntil(match.Within(after + 1, until));
        if (numbers.Count < most && until < end && await IsFew(match))
        {
            (after, until) = (until, end);
            await LookUntil(match.Expression);
        }
        return new(numbers, numbers.Count == most ? numbers[^1] : until < end ? until : null);

        async Task LookUntil(string expression) => numbers.AddRange(await connection.QueryAsync<long>(
            $"SELECT rowid FROM {match.Table} WHERE {match.Table} MATCH @expression AND rowid > @after AND rowid <= @until ORDER BY rowid LIMIT @most",
            new { expression, after, until, most = most - numbers.Count }));
    }

    /// <summary>
    /// Whether something that is looked for is in few records: the index then goes from one of these to the next. What seems the rarest is counted.
    /// </summary>
    private async Task<bool> IsFew(Match match)
    {
        var rarest = ("", Place: 0L);
        foreach (var need in match.Parts.SelectMany(part => part.Needs))
        {
            if (await Place(match.Table, need, Probe) is not { } place)
                return true;
            if (place > rarest.Place)
                rarest = (need, place);
        }
        return await Place(match.Table, rarest.Item1, Few) is null;
    }

    /// <summary>The number of the record in which an expression is found for the so manieth time, if it is in so many.</summary>
    private async Task<long?> Place(string table, string expression, int offset)
    {
        if (!places.TryGetValue((table, expression, offset), out var place))
        {
            places[(table, expression, offset)] = place = await connection.QuerySingleOrDefaultAsync<long?>(
                $"SELECT rowid FROM {table} WHERE {table} MATCH @expression ORDER BY rowid LIMIT 1 OFFSET @offset", new { expression, offset });
        }
        return place;
    }
}
