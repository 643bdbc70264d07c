using CooperationApi.Text;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Derives the text directives of citations from the stored texts of their sources. Each text is read once, at the end of the write
/// transaction: a text of 10 MB takes longer to split into words than a record takes to write.
/// </summary>
internal sealed class TextDirectiveWriter(IPreparedStatements statements)
{
    private readonly Dictionary<long, List<LocatedQuote>> quotesByText = [];

    /// <summary>Adds a quote that matches the stored text of its source.</summary>
    public void Add(long textRowId, LocatedQuote quote)
    {
        if (!quotesByText.TryGetValue(textRowId, out var quotes))
            quotesByText[textRowId] = quotes = [];
        quotes.Add(quote);
    }

    /// <summary>Deletes the directives of a record that is replaced or removed.</summary>
    public void Remove(long rowId) => statements.Execute("DELETE FROM text_directive WHERE row_id = @row_id", rowId);

    /// <summary>Writes the directives of all quotes so far, except those that the words of the quote give without the text.</summary>
    public void WriteAll()
    {
        foreach (var (textRowId, quotes) in quotesByText)
        {
            var words = new SourceWords(statements.QueryFirst("SELECT text FROM source_text WHERE row_id = @row_id", textRowId)![0].Text!);
            foreach (var quote in quotes)
            {
                var directive = words.CreateDirective(quote.Start, quote.Text.EnumerateRunes().Count()).Format();
                statements.Execute("DELETE FROM text_directive WHERE row_id = @row_id AND ordinal = @ordinal", quote.RowId, quote.Ordinal);
                if (directive != TextDirective.FromQuote(quote.Text).Format())
                {
                    statements.Execute("INSERT INTO text_directive (row_id, ordinal, directive) VALUES (@row_id, @ordinal, @directive)",
                        quote.RowId, quote.Ordinal, directive);
                }
            }
        }
        quotesByText.Clear();
    }
}

/// <summary>
/// A quote in the citation with this ordinal of a record, with its start in the source text, in code points from 0.
/// </summary>
internal readonly record struct LocatedQuote(long RowId, int Ordinal, int Start, string Text);
