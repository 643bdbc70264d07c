using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>Keeps what search finds records by, in the transaction that changes them.</summary>
internal sealed class SearchIndex(DbConnection connection)
{
    // Most words of a record are those of the records before it.
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Indexes a record as it is to stand.</summary>
    public async Task Index(Changed changed, bool replacing)
    {
        var number = replacing ? await Forget(changed.Type, changed.Id) : null;
        var entry = changed.Search;
        var row = new { number, changed.Type, changed.Id, entry.NameKey, entry.Names, entry.Texts, entry.DayFrom, entry.DayTo };
        number = await connection.QuerySingleAsync<long>(
            """
            INSERT INTO search_row (number, type, id, name_key, names, texts, day_from, day_to)
            VALUES (@number, @Type, @Id, @NameKey, @Names, @Texts, @DayFrom, @DayTo) RETURNING number
            """, row);
        await connection.ExecuteAsync(
            "INSERT INTO search_index (rowid, exact, name, text, facet) VALUES (@number, @ExactWords, @NameWords, @TextWords, @Facets)",
            new { number, entry.ExactWords, entry.NameWords, entry.TextWords, entry.Facets });
        foreach (var word in entry.NameWords.Split(' ').Concat(entry.TextWords.Split(' ')).Where(word => word.Length > 1 && known.Add(word)))
            await connection.ExecuteAsync("INSERT INTO search_word (word) VALUES (@word) ON CONFLICT (word) DO NOTHING", new { word });
    }

    private async Task<long?> Forget(string type, string id)
    {
        var number = await connection.QuerySingleOrDefaultAsync<long?>("DELETE FROM search_row WHERE type = @type AND id = @id RETURNING number", new { type, id });
        await connection.ExecuteAsync("DELETE FROM search_index WHERE rowid = @number", new { number });
        return number;
    }
}
