using CooperationApi.Storage.Sqlite;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Finds quotes in the stored source texts and checks them at their offsets, in the write transaction of the record or the source.
/// </summary>
internal sealed class QuoteChecker(StatementCache statements, ReferenceWriter referenceWriter, TextDirectiveWriter textDirectiveWriter,
    ConstraintViolations violations)
{
    private const string SourcesType = "sources";

    private readonly PreparedStatement selectTextRowId = statements.Prepare("SELECT row_id FROM source_text WHERE row_id = @source");
    private readonly PreparedStatement selectText = statements.Prepare("SELECT text FROM source_text WHERE row_id = @source");
    private readonly PreparedStatement selectPassage =
        statements.Prepare("SELECT substr(text, @start + 1, @length) FROM source_text WHERE row_id = @source");

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

    /// <summary>Checks the quotes of a record at their offsets, and the hash and length of a source against its stored text.</summary>
    public void CheckQuotes(long rowId, RecordUpsert upsert)
    {
        foreach (var quote in upsert.Quotes)
        {
            if (FindError(quote) is var (code, arguments))
                violations.Add(new(code, upsert.Type, upsert.Id, $"citations/{quote.Ordinal}/quote", arguments));
            else if (quote.Start is { } start && FindText(quote.SourceId) is { } textRowId)
                textDirectiveWriter.Add(textRowId, new(rowId, quote.Ordinal, start, quote.Text));
        }
        if (upsert.Type == SourcesType)
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
            var passage = selectPassage.QueryFirst(row => row.GetString(0), start, quote.Length, textRowId);
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
            searchedText = (textRowId, selectText.QueryFirst(row => row.GetString(0), textRowId)!);
        return searchedText.Value.Text;
    }

    /// <summary>Deletes the stored text of a removed source.</summary>
    public void DeleteText(long rowId, RecordRemoval removal)
    {
        if (removal.Type == SourcesType)
            statements.Prepare("DELETE FROM source_text WHERE row_id = @row_id").Execute(rowId);
    }

    private void CheckSourceHash(long rowId, RecordUpsert upsert)
    {
        var mismatch = statements.Prepare(
            """
            SELECT source_text.sha256, source_text.length
            FROM source JOIN source_text ON source_text.row_id = source.row_id
            WHERE source.row_id = @row_id AND (source.sha256 <> source_text.sha256 OR source.length <> source_text.length)
            """).QueryFirst(row => (string?)$"{row.GetString(0)}, {row.GetInt64(1)}", rowId);
        if (mismatch is not null)
            violations.Add(new("source_hash_mismatch", upsert.Type, upsert.Id, "sha256", mismatch));
    }

    private long? FindText(string sourceId)
    {
        if (!textRowIds.TryGetValue(sourceId, out var textRowId))
        {
            textRowIds[sourceId] = textRowId = referenceWriter.FindRowId(SourcesType, sourceId) is { } sourceRowId
                ? selectTextRowId.QueryFirst(row => (long?)row.GetInt64(0), sourceRowId)
                : null;
        }
        return textRowId;
    }
}
