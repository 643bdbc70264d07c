using CooperationApi.Storage.Sqlite;

namespace CooperationApi.Storage.Writing;

/// <summary>Updates the full-text indexes of search in the write transaction.</summary>
internal sealed class SearchIndexWriter(StatementCache statements)
{
    // Most words of a record also occur in earlier records; the set skips their inserts. It is cleared above this size to limit memory.
    private const int MaxSeenWords = 100_000;

    // The number of index segments that FTS5 merges into one during writes: its default, and 0 to disable merges.
    private const int DefaultAutomerge = 4, AutomergeOff = 0;

    // Row ids per block.
    private const int BlockSize = 1 << 14;

    private readonly PreparedStatement insertRow = statements.Prepare(
        "INSERT INTO search_document (row_id, type, id, title_key, names, texts) VALUES (@row_id, @type, @id, @title_key, @names, @texts)");
    private readonly PreparedStatement insertNames =
        statements.Prepare("INSERT INTO search_name (rowid, name, exact, facet) VALUES (@row_id, @name, @exact, @facet)");
    private readonly PreparedStatement insertTexts =
        statements.Prepare("INSERT INTO search_index (rowid, text, facet) VALUES (@row_id, @text, @facet)");
    private readonly PreparedStatement insertWord =
        statements.Prepare("INSERT INTO search_word (word) VALUES (@word) ON CONFLICT (word) DO NOTHING");
    private readonly PreparedStatement deleteRow = statements.Prepare("DELETE FROM search_document WHERE row_id = @row_id");
    private readonly PreparedStatement deleteNames = statements.Prepare("DELETE FROM search_name WHERE rowid = @row_id");
    private readonly PreparedStatement deleteTexts = statements.Prepare("DELETE FROM search_index WHERE rowid = @row_id");
    private readonly HashSet<string> seenWords = new(StringComparer.Ordinal);

    /// <summary>Indexes a record, in place of its earlier index entries.</summary>
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
    /// Returns the tokens of the blocks that contain a range of row ids. An FTS5 query with a block token ends at the end of the block;
    /// with an upper bound on `rowid` alone it continues to the next match, however far away.
    /// </summary>
    public static IEnumerable<string> GetBlockTokens(long firstRowId, long lastRowId)
    {
        for (var rowId = firstRowId; rowId <= lastRowId; rowId = GetBlockEnd(rowId) + 1)
            yield return GetBlockToken(rowId);
    }

    /// <summary>Returns the last row id in the block of a row id.</summary>
    public static long GetBlockEnd(long rowId) => rowId | (BlockSize - 1);

    private static string GetBlockToken(long rowId) => $"block:{rowId / BlockSize}";

    /// <summary>Removes a record from the indexes.</summary>
    public void Remove(long rowId)
    {
        deleteRow.Execute(rowId);
        deleteNames.Execute(rowId);
        deleteTexts.Execute(rowId);
    }

    /// <summary>
    /// Deletes the words that no record contains any more, then merges the indexes: FTS5 keeps the words of removed rows until a merge.
    /// </summary>
    public void PurgeWords(IEnumerable<string> words)
    {
        seenWords.Clear();
        var findWord = statements.Prepare("SELECT rowid FROM search_index WHERE search_index MATCH @words LIMIT 1");
        var deleteWord = statements.Prepare("DELETE FROM search_word WHERE word = @word");
        foreach (var word in words)
        {
            if (findWord.QueryFirst(row => row.GetInt64(0), $"text : \"{word}\"") == 0)
                deleteWord.Execute(word);
        }
        Optimize();
    }

    /// <summary>
    /// Disables segment merges until <see cref="Optimize"/>, so that a large import does not merge the same segments repeatedly.
    /// </summary>
    public void DisableAutomerge() => SetAutomerge(AutomergeOff);

    /// <summary>
    /// Merges the segments of each index into one: a search looks up each word in every segment, and a large import leaves a dozen. Takes
    /// about 6 s for a million records.
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
