namespace CooperationApi.Storage;

/// <summary>Keeps what search finds records by, in the transaction that changes them.</summary>
internal sealed class SearchIndex(Statements statements)
{
    // Most words of a record are those of the records before it. Past so many it begins anew rather than growing without end.
    private const int MostKnown = 100_000;

    // So many records, by their numbers, make a block.
    private const int BlockSize = 1 << 14;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Indexes a record as it is to stand.</summary>
    public void Keep(long number, Changed changed, bool replacing)
    {
        if (replacing)
            Remove(number);
        if (known.Count > MostKnown)
            known.Clear();
        var entry = changed.Search;
        var facets = $"{entry.Facets} {Block(number)}";
        statements.Execute(
            """
            INSERT INTO search_row (number, type, id, name_key, names, texts)
            VALUES (@number, @type, @id, @name_key, @names, @texts)
            """,
            ("number", number), ("type", changed.Type), ("id", changed.Id), ("name_key", entry.NameKey),
            ("names", entry.Names), ("texts", entry.Texts));
        statements.Execute("INSERT INTO search_name (rowid, name, exact, facet) VALUES (@number, @name, @exact, @facet)",
            ("number", number), ("name", entry.NameWords), ("exact", entry.ExactWords), ("facet", facets));
        statements.Execute("INSERT INTO search_index (rowid, text, facet) VALUES (@number, @text, @facet)",
            ("number", number), ("text", entry.AllWords), ("facet", facets));
        foreach (var word in entry.AllWords.Split(' ').Where(word => word.Length > 1 && known.Add(word)))
            statements.Execute("INSERT INTO search_word (word) VALUES (@word) ON CONFLICT (word) DO NOTHING", ("word", word));
    }

    /// <summary>
    /// The words of the blocks that have the numbers from one to another: with one of these in an expression, full-text search goes no further. Asked for rowids
    /// up to a number it would go on to the next match, however far that is.
    /// </summary>
    public static IEnumerable<string> Blocks(long first, long last)
    {
        for (var number = first; number <= last; number = EndOfBlock(number) + 1)
            yield return Block(number);
    }

    /// <summary>The last number of a number's block.</summary>
    public static long EndOfBlock(long number) => number | (BlockSize - 1);

    private static string Block(long number) => $"block:{number / BlockSize}";

    /// <summary>Finds a record no longer.</summary>
    public void Remove(long number)
    {
        statements.Execute("DELETE FROM search_row WHERE number = @number", ("number", number));
        statements.Execute("DELETE FROM search_name WHERE rowid = @number", ("number", number));
        statements.Execute("DELETE FROM search_index WHERE rowid = @number", ("number", number));
    }

    /// <summary>
    /// Forgets words that no record has any more. The index itself keeps those of records that it no longer finds until it is written anew, so that is done too.
    /// </summary>
    public void Forget(IEnumerable<string> words)
    {
        known.Clear();
        foreach (var word in words)
        {
            var isUsed = statements.First("SELECT rowid FROM search_index WHERE search_index MATCH @words LIMIT 1", row => row.Number(0), ("words", $"text : \"{word}\"")) != 0;
            if (!isUsed)
                statements.Execute("DELETE FROM search_word WHERE word = @word", ("word", word));
        }
        Merge();
    }

    /// <summary>
    /// Writes the parts of the index as one: a search looks for each of its words in every part, and a large import leaves a dozen. Takes some six seconds
    /// for a million records.
    /// </summary>
    public void Merge()
    {
        statements.Execute("INSERT INTO search_index (search_index) VALUES ('optimize')");
        statements.Execute("INSERT INTO search_name (search_name) VALUES ('optimize')");
    }
}
