using CooperationApi.Storage.Sqlite;

namespace CooperationApi.Storage.Writing;

/// <summary>Checks quotes against the stored source texts, in the write transaction of the record or the source.</summary>
internal sealed class QuoteChecker(StatementCache statements, ReferenceWriter referenceWriter, ConstraintViolations violations)
{
    private const string SourcesType = "sources";

    private readonly PreparedStatement selectText = statements.Prepare("SELECT row_id FROM source_text WHERE row_id = @source");
    private readonly PreparedStatement selectPassage =
        statements.Prepare("SELECT substr(text, @start + 1, @length) FROM source_text WHERE row_id = @source");

    // Row ids of the stored texts by source id; null for a source without a stored text, as for most sources.
    private readonly Dictionary<string, long?> textRowIds = new(StringComparer.Ordinal);

    /// <summary>Checks the quotes of a record at their offsets, and the hash and length of a source against its stored text.</summary>
    public void CheckQuotes(long rowId, RecordUpsert upsert)
    {
        foreach (var quote in upsert.Quotes)
        {
            if (FindText(quote.SourceId) is not { } sourceRowId)
                continue;
            var sourcePassage = selectPassage.QueryFirst(row => row.GetString(0), quote.Start, quote.Length, sourceRowId);
            if (sourcePassage != quote.Text)
                violations.Add(
                    new("quote_mismatch", upsert.Type, upsert.Id, $"citations/{quote.Ordinal}/quote", quote.Start,
                        quote.Start + quote.Length, sourcePassage ?? ""));
        }
        if (upsert.Type == SourcesType)
            CheckSourceHash(rowId, upsert);
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
                ? selectText.QueryFirst(row => (long?)row.GetInt64(0), sourceRowId)
                : null;
        }
        return textRowId;
    }
}
