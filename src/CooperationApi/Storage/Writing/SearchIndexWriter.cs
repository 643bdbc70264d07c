using CooperationApi.Storage.Sqlite;

namespace CooperationApi.Storage.Writing;

/// <summary>Keeps what search finds records by, in the transaction that changes them.</summary>
internal sealed class SearchIndexWriter(StatementCache statements)
{
    // Most words of a record are those of the records before it. Past so many it begins anew rather than growing without end.
    private const int MaxSeenWords = 100_000;

    // Of how many parts FTS5 makes one as records are written: its own number, and none.
    private const int DefaultAutomerge = 4, AutomergeOff = 0;

    // So many records, by their numbers, make a block.
    private const int BlockSize = 1 << 14;

    private readonly PreparedStatement insertRow = statements.Prepare(
        "INSERT INTO search_row (number, type, id, name_key, names, texts) VALUES (@number, @type, @id, @name_key, @names, @texts)");
    private readonly PreparedStatement insertNames = statements.Prepare("INSERT INTO search_name (rowid, name, exact, facet) VALUES (@number, @name, @exact, @facet)");
    private readonly PreparedStatement insertTexts = statements.Prepare("INSERT INTO search_index (rowid, text, facet) VALUES (@number, @text, @facet)");
    private readonly PreparedStatement insertWord = statements.Prepare("INSERT INTO search_word (word) VALUES (@word) ON CONFLICT (word) DO NOTHING");
    private readonly PreparedStatement deleteRow = statements.Prepare("DELETE FROM search_row WHERE number = @number");
    private readonly PreparedStatement deleteNames = statements.Prepare("DELETE FROM search_name WHERE rowid = @number");
    private readonly PreparedStatement deleteTexts = statements.Prepare("DELETE FROM search_index WHERE rowid = @number");
    private readonly HashSet<string> seenWords = new(StringComparer.Ordinal);

    /// <summary>Indexes a record as it is to stand.</summary>
    public void Upsert(long rowId, RecordUpsert upsert, bool isReplacement)
    {
        if (isReplacement)
            Remove(rowId);
        if (seenWords.Count > MaxSeenWords)
            seenWords.Clear();
        var document = upsert.Search;
        var facets = $"{document.Facets} {GetBlockToken(rowId)}";
        insertRow.Execute(rowId, upsert.Type, upsert.Id, document.TitleKey, document.Names, document.Texts);
        insertNames.Execute(rowId, document.FoldedNames, document.ExactNames, facets);
        insertTexts.Execute(rowId, document.FoldedText, facets);
        var seenLookup = seenWords.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var range in document.FoldedText.AsSpan().Split(' '))
        {
            if (document.FoldedText.AsSpan(range) is { Length: > 1 } word && seenLookup.Add(word))
                insertWord.Execute(word.ToString());
        }
    }

    /// <summary>
    /// The words of the blocks that have the numbers from one to another: with one of these in an expression, full-text search goes no further. Asked for rowids
    /// up to a number it would go on to the next match, however far that is.
    /// </summary>
    public static IEnumerable<string> GetBlockTokens(long firstRowId, long lastRowId)
    {
        for (var rowId = firstRowId; rowId <= lastRowId; rowId = GetBlockEnd(rowId) + 1)
            yield return GetBlockToken(rowId);
    }

    /// <summary>The last number of a number's block.</summary>
    public static long GetBlockEnd(long rowId) => rowId | (BlockSize - 1);

    private static string GetBlockToken(long rowId) => $"block:{rowId / BlockSize}";

    /// <summary>Finds a record no longer.</summary>
    public void Remove(long rowId)
    {
        deleteRow.Execute(rowId);
        deleteNames.Execute(rowId);
        deleteTexts.Execute(rowId);
    }

    /// <summary>
    /// Forgets words that no record has any more. The index itself keeps those of records that it no longer finds until it is written anew, so that is done too.
    /// </summary>
    public void PurgeWords(IEnumerable<string> words)
    {
        seenWords.Clear();
        var find = statements.Prepare("SELECT rowid FROM search_index WHERE search_index MATCH @words LIMIT 1");
        var delete = statements.Prepare("DELETE FROM search_word WHERE word = @word");
        foreach (var word in words)
        {
            if (find.QueryFirst(row => row.GetInt64(0), $"text : \"{word}\"") == 0)
                delete.Execute(word);
        }
        Optimize();
    }

    /// <summary>Lets the parts of the index be as they come until <see cref="Optimize"/>, rather than merge some of them again and again.</summary>
    public void DisableAutomerge() => SetAutomerge(AutomergeOff);

    /// <summary>
    /// Writes the parts of the index as one: a search looks for each of its words in every part, and a large import leaves a dozen. Takes some six seconds
    /// for a million records.
    /// </summary>
    public void Optimize()
    {
        SetAutomerge(DefaultAutomerge);
        statements.Prepare("INSERT INTO search_index (search_index) VALUES ('optimize')").Execute();
        statements.Prepare("INSERT INTO search_name (search_name) VALUES ('optimize')").Execute();
    }

    private void SetAutomerge(int segmentCount)
    {
        statements.Prepare("INSERT INTO search_index (search_index, rank) VALUES ('automerge', @parts)").Execute(segmentCount);
        statements.Prepare("INSERT INTO search_name (search_name, rank) VALUES ('automerge', @parts)").Execute(segmentCount);
    }
}
