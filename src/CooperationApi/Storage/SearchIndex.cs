namespace CooperationApi.Storage;

/// <summary>Keeps what search finds records by, in the transaction that changes them.</summary>
internal sealed class SearchIndex(CompiledStatements statements)
{
    // Most words of a record are those of the records before it. Past so many it begins anew rather than growing without end.
    private const int MostKnown = 100_000;

    // Of how many parts FTS5 makes one as records are written: its own number, and none.
    private const int PartsMerged = 4, NoPartsMerged = 0;

    // So many records, by their numbers, make a block.
    private const int BlockSize = 1 << 14;

    private readonly CompiledStatement insertRow = statements.Of(
        "INSERT INTO search_row (number, type, id, name_key, names, texts) VALUES (@number, @type, @id, @name_key, @names, @texts)");
    private readonly CompiledStatement insertNames = statements.Of("INSERT INTO search_name (rowid, name, exact, facet) VALUES (@number, @name, @exact, @facet)");
    private readonly CompiledStatement insertTexts = statements.Of("INSERT INTO search_index (rowid, text, facet) VALUES (@number, @text, @facet)");
    private readonly CompiledStatement insertWord = statements.Of("INSERT INTO search_word (word) VALUES (@word) ON CONFLICT (word) DO NOTHING");
    private readonly CompiledStatement deleteRow = statements.Of("DELETE FROM search_row WHERE number = @number");
    private readonly CompiledStatement deleteNames = statements.Of("DELETE FROM search_name WHERE rowid = @number");
    private readonly CompiledStatement deleteTexts = statements.Of("DELETE FROM search_index WHERE rowid = @number");
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
        insertRow.Execute(number, changed.Type, changed.Id, entry.NameKey, entry.Names, entry.Texts);
        insertNames.Execute(number, entry.NameWords, entry.ExactWords, facets);
        insertTexts.Execute(number, entry.AllWords, facets);
        var unknown = known.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var place in entry.AllWords.AsSpan().Split(' '))
        {
            if (entry.AllWords.AsSpan(place) is { Length: > 1 } word && unknown.Add(word))
                insertWord.Execute(word.ToString());
        }
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
        deleteRow.Execute(number);
        deleteNames.Execute(number);
        deleteTexts.Execute(number);
    }

    /// <summary>
    /// Forgets words that no record has any more. The index itself keeps those of records that it no longer finds until it is written anew, so that is done too.
    /// </summary>
    public void Forget(IEnumerable<string> words)
    {
        known.Clear();
        var find = statements.Of("SELECT rowid FROM search_index WHERE search_index MATCH @words LIMIT 1");
        var delete = statements.Of("DELETE FROM search_word WHERE word = @word");
        foreach (var word in words)
        {
            if (find.First(row => row.Number(0), $"text : \"{word}\"") == 0)
                delete.Execute(word);
        }
        Merge();
    }

    /// <summary>Lets the parts of the index be as they come until <see cref="Merge"/>, rather than merge some of them again and again.</summary>
    public void PutOffMerging() => MergeByItself(NoPartsMerged);

    /// <summary>
    /// Writes the parts of the index as one: a search looks for each of its words in every part, and a large import leaves a dozen. Takes some six seconds
    /// for a million records.
    /// </summary>
    public void Merge()
    {
        MergeByItself(PartsMerged);
        statements.Of("INSERT INTO search_index (search_index) VALUES ('optimize')").Execute();
        statements.Of("INSERT INTO search_name (search_name) VALUES ('optimize')").Execute();
    }

    private void MergeByItself(int parts)
    {
        statements.Of("INSERT INTO search_index (search_index, rank) VALUES ('automerge', @parts)").Execute(parts);
        statements.Of("INSERT INTO search_name (search_name, rank) VALUES ('automerge', @parts)").Execute(parts);
    }
}
