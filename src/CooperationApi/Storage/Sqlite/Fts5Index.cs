using CooperationApi.Storage.Writing;

namespace CooperationApi.Storage.Sqlite;

/// <summary>The full-text indexes as contentless FTS5 tables.</summary>
internal sealed class Fts5Index : IFullTextIndex
{
    // Alternatives per OR group: FTS5 parses them recursively and limits the depth.
    private const int MaxAlternatives = 100;

    // The number of index segments that FTS5 merges into one during writes: its default, and 0 to disable merges.
    private const int DefaultAutomerge = 4, AutomergeOff = 0;

    // Row ids per block.
    private const int BlockSize = 1 << 14;

    public void Add(IPreparedStatements statements, long rowId, SearchDocument document)
    {
        var facets = $"{document.Facets} {GetBlockToken(rowId)}";
        statements.Insert("search_name", "rowid, name, exact, facet", rowId, document.FoldedNames, document.ExactNames, facets);
        statements.Insert("search_index", "rowid, text, facet", rowId, document.FoldedText, facets);
    }

    public void Remove(IPreparedStatements statements, long rowId)
    {
        statements.Execute("DELETE FROM search_name WHERE rowid = @row_id", rowId);
        statements.Execute("DELETE FROM search_index WHERE rowid = @row_id", rowId);
    }

    public bool ContainsWord(IPreparedStatements statements, string word) =>
        statements.QueryFirst("SELECT rowid FROM search_index WHERE search_index MATCH @words LIMIT 1", $"text : \"{word}\"") is not null;

    /// <summary>
    /// Merges the segments of each index into one: a search looks up each word in every segment, and a large import leaves a dozen. FTS5
    /// keeps the words of removed rows until a merge. Takes about 6 s for a million records.
    /// </summary>
    public void Optimize(IPreparedStatements statements)
    {
        SetAutomerge(statements, DefaultAutomerge);
        statements.Execute("INSERT INTO search_index (search_index) VALUES ('optimize')");
        statements.Execute("INSERT INTO search_name (search_name) VALUES ('optimize')");
    }

    /// <summary>
    /// Disables segment merges until <see cref="Optimize"/>, so that a large import does not merge the same segments repeatedly.
    /// </summary>
    public static void DisableAutomerge(IPreparedStatements statements) => SetAutomerge(statements, AutomergeOff);

    // A query with block tokens ends at the end of the last block; with an upper bound on `rowid` alone it continues to the next match,
    // however far away.
    public FullTextCondition CreateCondition(MatchExpression match, string parameterName, (long First, long Last)? rowIds = null)
    {
        var terms = rowIds is var (first, last) ? match.Terms.Prepend(MatchTerm.AnyOf(GetBlockTokens(first, last))) : match.Terms;
        return new($"{match.Table} MATCH @{parameterName}",
            new Dictionary<string, object> { [parameterName] = string.Join(" AND ", terms.Select(FormatTerm)) });
    }

    private static string FormatTerm(MatchTerm term)
    {
        var groups = term.Alternatives.Chunk(MaxAlternatives).Select(group => $"({string.Join(" OR ", group.Select(FormatPhrase))})");
        return $"({string.Join(" OR ", groups)})";
    }

    // A prefix must not match the tokens of the facets.
    private static string FormatPhrase(MatchPhrase phrase) =>
        phrase.IsPrefix ? $"- facet : \"{phrase.Words[0]}\" *" : $"\"{string.Join(' ', phrase.Words)}\"";

    private static IEnumerable<string> GetBlockTokens(long firstRowId, long lastRowId)
    {
        for (var rowId = firstRowId; rowId <= lastRowId; rowId = (rowId | (BlockSize - 1)) + 1)
            yield return GetBlockToken(rowId);
    }

    private static string GetBlockToken(long rowId) => $"block:{rowId / BlockSize}";

    private static void SetAutomerge(IPreparedStatements statements, int segmentCount)
    {
        statements.Execute("INSERT INTO search_index (search_index, rank) VALUES ('automerge', @parts)", segmentCount);
        statements.Execute("INSERT INTO search_name (search_name, rank) VALUES ('automerge', @parts)", segmentCount);
    }
}
