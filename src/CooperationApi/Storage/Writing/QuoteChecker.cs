namespace CooperationApi.Storage.Writing;

/// <summary>
/// Finds quotes in the stored source texts and checks them at their offsets, in the write transaction of the record or the source.
/// </summary>
internal sealed class QuoteChecker(IPreparedStatements statements, ReferenceWriter referenceWriter, TextDirectiveWriter textDirectiveWriter,
    ConstraintViolations violations)
{
    private const string SourcesType = "sources";

    // Row ids of the stored texts by source id; null for a source without a stored text, as for most sources.
    private readonly Dictionary<string, long?> textRowIds = new(StringComparer.Ordinal);

    // The text that was searched last: the quotes of a record and of a bundle are often from one source.
    private (long RowId, string Text)? searchedText;

    /// <summary>
    /// Returns the upsert with the offsets of each quote that has none and that occurs once in the stored text of its source.
    /// </summary>
    public RecordUpsert LocateQuotes(RecordUpsert upsert)
    {
        if (upsert.WithQuoteStarts is null)
            return upsert;
        var starts = new Dictionary<int, int>();
        foreach (var quote in upsert.Quotes.Where(quote => quote.Start is null))
        {
            if (FindText(quote.SourceId) is { } textRowId && QuoteSearch.FindOccurrences(ReadText(textRowId), quote.Text) is [var start])
                starts[quote.Ordinal] = start;
        }
        return upsert.WithQuoteStarts(starts);
    }

    /// <summary>
    /// Checks the quotes of a record at their offsets, and the hash and length of a replaced source against its stored text. A new source
    /// has no text.
    /// </summary>
    public void CheckQuotes(long rowId, RecordUpsert upsert, bool isReplacement)
    {
        foreach (var quote in upsert.Quotes)
        {
            if (FindError(quote) is var (code, arguments))
                violations.Add(new(code, upsert.Type, upsert.Id, $"citations/{quote.Ordinal}/quote", arguments));
            else if (quote.Start is { } start && FindText(quote.SourceId) is { } textRowId)
                textDirectiveWriter.Add(textRowId, new(rowId, quote.Ordinal, start, quote.Text));
        }
        if (isReplacement && upsert.Type == SourcesType)
            CheckSourceHash(rowId, upsert);
    }

    private (string Code, object[] Arguments)? FindError(QuotedPassage quote)
    {
        if (FindText(quote.SourceId) is not { } textRowId)
        {
            // Nothing proves the invisible characters of the quote.
            if (quote.InvalidCharacter is { } character)
                return ("unverified_characters", [character.Rune, character.Position]);
            return quote.Start is null ? ("quote_offsets_missing", []) : null;
        }
        if (quote.Start is { } start)
        {
            var passage = statements.QueryFirst(
                "SELECT substr(text, CAST(@first AS INTEGER), CAST(@length AS INTEGER)) FROM source_text WHERE row_id = @source",
                start + 1, quote.Length, textRowId)?[0].Text;
            return passage == quote.Text
                ? null
                : QuoteSearch.DescribeMismatch(ReadText(textRowId), quote.SourceId, quote.Text, start, start + quote.Length, passage ?? "");
        }
        var occurrences = QuoteSearch.FindOccurrences(ReadText(textRowId), quote.Text);
        return occurrences.Count > 0
            ? ("quote_ambiguous", [quote.SourceId, string.Join(", ", occurrences)])
            : QuoteSearch.DescribeDifference(ReadText(textRowId), quote.SourceId, quote.Text) ?? ("quote_not_found", [quote.SourceId]);
    }

    private string ReadText(long textRowId)
    {
        if (searchedText?.RowId != textRowId)
            searchedText = (textRowId, statements.QueryFirst("SELECT text FROM source_text WHERE row_id = @source", textRowId)![0].Text!);
        return searchedText.Value.Text;
    }

    /// <summary>Deletes the stored text of a removed source.</summary>
    public void DeleteText(long rowId, RecordRemoval removal)
    {
        if (removal.Type == SourcesType)
            statements.Execute("DELETE FROM source_text WHERE row_id = @row_id", rowId);
    }

    private void CheckSourceHash(long rowId, RecordUpsert upsert)
    {
        var mismatch = statements.QueryFirst(
            """
            SELECT source_text.sha256, source_text.length
            FROM source JOIN source_text ON source_text.row_id = source.row_id
            WHERE source.row_id = @row_id AND (source.sha256 <> source_text.sha256 OR source.length <> source_text.length)
            """, rowId);
        if (mismatch is [var sha256, var length])
            violations.Add(new("source_hash_mismatch", upsert.Type, upsert.Id, "sha256", $"{sha256.Text}, {length.Number}"));
    }

    private long? FindText(string sourceId)
    {
        if (!textRowIds.TryGetValue(sourceId, out var textRowId))
        {
            textRowIds[sourceId] = textRowId = referenceWriter.FindRowId(SourcesType, sourceId) is { } sourceRowId
                ? statements.QueryFirst("SELECT row_id FROM source_text WHERE row_id = @source", sourceRowId)?[0].Number
                : null;
        }
        return textRowId;
    }
}
