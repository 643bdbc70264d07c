namespace CooperationApi.Storage;

/// <summary>Holds what records quote against the texts of their sources, where those are held, in the transaction that changes either.</summary>
internal sealed class Evidence(Statements statements, Links links, Misfits misfits)
{
    private const string Sources = "sources";

    // Of each source that is cited, whether its text is held: most are not.
    private readonly Dictionary<string, long?> withText = new(StringComparer.Ordinal);

    /// <summary>Looks for each quote of a record where it is said to stand, and at what a source says of its own text.</summary>
    public void Check(long number, Changed changed)
    {
        foreach (var quote in changed.Quotes)
        {
            if (TextOf(quote.SourceId) is not { } source)
                continue;
            var stands = statements.First("SELECT substr(text, @start + 1, @length) FROM source_text WHERE number = @source", row => row.Text(0),
                ("start", quote.Start), ("length", quote.Length), ("source", source));
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
            statements.Execute("DELETE FROM source_text WHERE number = @number", ("number", number));
    }

    private void CheckDigest(long number, Changed source)
    {
        var differs = statements.First(
            """
            SELECT source_text.sha256, source_text.length
            FROM source JOIN source_text ON source_text.number = source.number
            WHERE source.number = @number AND (source.sha256 <> source_text.sha256 OR source.length <> source_text.length)
            """, row => (string?)$"{row.Text(0)}, {row.Number(1)}", ("number", number));
        if (differs is not null)
            misfits.Add(new("text_differs", source.Type, source.Id, "sha256", differs));
    }

    private long? TextOf(string sourceId)
    {
        if (!withText.TryGetValue(sourceId, out var known))
        {
            withText[sourceId] = known = links.NumberOf(Sources, sourceId) is { } source
                ? statements.First("SELECT number FROM source_text WHERE number = @source", row => (long?)row.Number(0), ("source", source))
                : null;
        }
        return known;
    }
}
