namespace CooperationApi.Storage;

/// <summary>Keeps what search finds records by, in the transaction that changes them.</summary>
internal sealed class SearchIndex(Statements statements)
{
    // Most words of a record are those of the records before it.
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Indexes a record as it is to stand.</summary>
    public void Keep(long number, Changed changed, bool replacing)
    {
        if (replacing)
            Remove(number);
        var entry = changed.Search;
        statements.Execute(
            """
            INSERT INTO search_row (number, type, id, name_key, names, texts, day_from, day_to)
            VALUES (@number, @type, @id, @name_key, @names, @texts, @day_from, @day_to)
            """,
            ("number", number), ("type", changed.Type), ("id", changed.Id), ("name_key", entry.NameKey),
            ("names", entry.Names), ("texts", entry.Texts), ("day_from", entry.DayFrom), ("day_to", entry.DayTo));
        statements.Execute("INSERT INTO search_index (rowid, exact, name, text, facet) VALUES (@number, @exact, @name, @text, @facet)",
            ("number", number), ("exact", entry.ExactWords), ("name", entry.NameWords), ("text", entry.TextWords), ("facet", entry.Facets));
        foreach (var word in entry.NameWords.Split(' ').Concat(entry.TextWords.Split(' ')).Where(word => word.Length > 1 && known.Add(word)))
            statements.Execute("INSERT INTO search_word (word) VALUES (@word) ON CONFLICT (word) DO NOTHING", ("word", word));
    }

    /// <summary>Finds a record no longer.</summary>
    public void Remove(long number)
    {
        statements.Execute("DELETE FROM search_row WHERE number = @number", ("number", number));
        statements.Execute("DELETE FROM search_index WHERE rowid = @number", ("number", number));
    }
}
