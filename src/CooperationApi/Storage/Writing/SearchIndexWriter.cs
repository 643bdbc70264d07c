namespace CooperationApi.Storage.Writing;

/// <summary>Updates the full-text indexes of search in the write transaction.</summary>
internal sealed class SearchIndexWriter(IPreparedStatements statements, IFullTextIndex fullText)
{
    // Most words of a record also occur in earlier records; the set skips their inserts. It is cleared above this size to limit memory.
    private const int MaxSeenWords = 100_000;

    private readonly HashSet<string> seenWords = new(StringComparer.Ordinal);

    /// <summary>Indexes a record, in place of its earlier index entries.</summary>
    public void Upsert(long rowId, RecordUpsert upsert, bool isReplacement)
    {
        if (isReplacement)
            Remove(rowId);
        if (seenWords.Count > MaxSeenWords)
            seenWords.Clear();
        var document = upsert.Search;
        statements.Insert("search_document", "row_id, type, id, title_key, names, texts", rowId, upsert.Type, upsert.Id,
            document.TitleKey, document.Names, document.Texts);
        fullText.Add(statements, rowId, document);
        var seenLookup = seenWords.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var range in document.FoldedText.AsSpan().Split(' '))
        {
            if (document.FoldedText.AsSpan(range) is { Length: > 1 } word && seenLookup.Add(word))
                statements.InsertIfAbsent("search_word", "word", word.ToString());
        }
    }

    /// <summary>Removes a record from the indexes.</summary>
    public void Remove(long rowId)
    {
        statements.Execute("DELETE FROM search_document WHERE row_id = @row_id", rowId);
        fullText.Remove(statements, rowId);
    }

    /// <summary>Deletes the words that no record contains any more, and erases them from the indexes.</summary>
    public void PurgeWords(IEnumerable<string> words)
    {
        seenWords.Clear();
        foreach (var word in words)
        {
            if (!fullText.ContainsWord(statements, word))
                statements.Execute("DELETE FROM search_word WHERE word = @word", word);
        }
        Optimize();
    }

    /// <summary>Merges the parts of the indexes after many changes.</summary>
    public void Optimize() => fullText.Optimize(statements);
}
