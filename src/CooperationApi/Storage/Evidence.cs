namespace CooperationApi.Storage;

/// <summary>Holds what records quote against the texts of their sources, where those are held, in the transaction that changes either.</summary>
internal sealed class Evidence(CompiledStatements statements, Links links, Misfits misfits)
{
    private const string Sources = "sources";

    private readonly CompiledStatement findText = statements.Of("SELECT number FROM source_text WHERE number = @source");
    private readonly CompiledStatement findQuote = statements.Of("SELECT substr(text, @start + 1, @length) FROM source_text WHERE number = @source");

    // Of each source that is cited, whether its text is held: most are not.
    private readonly Dictionary<string, long?> withText = new(StringComparer.Ordinal);

    /// <summary>Looks for each quote of a record where it is said to stand, and at what a source says of its own text.</summary>
    public void Check(long number, Changed changed)
    {
        foreach (var quote in changed.Quotes)
        {
            if (TextOf(quote.SourceId) is not { } source)
                continue;
            var stands = findQuote.First(row => row.Text(0), quote.Start, quote.Length, source);
            if (stands != quote.Text)
                misfits.Add(new("quote_differs", changed.Type, changed.Id, $"citations/{quote.Ordinal}/quote", quote.Start, quote.Start + quote.Length, stands ?? ""));
        }
        if (changed.Type == Sources)
            CheckDigest(number, changed);
    }

    /// <summary>Forgets the text of a source that is no longer to be.</summary>
    public void Remove(long number, Removed gone)
    {
        if (gone.Type == Sources)
            statements.Of("DELETE FROM source_text WHERE number = @number").Execute(number);
    }

    private void CheckDigest(long number, Changed source)
    {
        var differs = statements.Of(
            """
            SELECT source_text.sha256, source_text.length
            FROM source JOIN source_text ON source_text.number = source.number
            WHERE source.number = @number AND (source.sha256 <> source_text.sha256 OR source.length <> source_text.length)
            """).First(row => (string?)$"{row.Text(0)}, {row.Number(1)}", number);
        if (differs is not null)
            misfits.Add(new("text_differs", source.Type, source.Id, "sha256", differs));
    }

    private long? TextOf(string sourceId)
    {
        if (!withText.TryGetValue(sourceId, out var known))
        {
            withText[sourceId] = known = links.NumberOf(Sources, sourceId) is { } source
                ? findText.First(row => (long?)row.Number(0), source)
                : null;
        }
        return known;
    }
}
