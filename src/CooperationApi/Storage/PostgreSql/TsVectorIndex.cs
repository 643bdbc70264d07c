using System.Text;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Storage.PostgreSql;

/// <summary>
/// The full-text indexes as `tsvector` columns with a GIN index. A vector keeps positions up to 16,383, and 255 of one word. A record with
/// more words has no positions: its folded text is stored beside the vector, and phrases are searched in the text.
/// </summary>
internal sealed class TsVectorIndex : IFullTextIndex
{
    // The limits of PostgreSQL, the last one in bytes of UTF-8: longer words are cut.
    private const int MaxPosition = 16_383, MaxPositionsPerWord = 255, MaxWordLength = 500;

    // Bytes; the limit of PostgreSQL is 1 MiB.
    private const int MaxVectorLength = 1_000_000;

    public void Add(IPreparedStatements statements, long rowId, SearchDocument document)
    {
        Add(statements, MatchExpression.NamesTable, rowId, $"{document.FoldedNames} : {document.ExactNames}", document.Facets);
        Add(statements, MatchExpression.TextsTable, rowId, document.FoldedText, document.Facets);
    }

    public void Remove(IPreparedStatements statements, long rowId)
    {
        statements.Execute("DELETE FROM search_name WHERE rowid = @row_id", rowId);
        statements.Execute("DELETE FROM search_index WHERE rowid = @row_id", rowId);
    }

    public bool ContainsWord(IPreparedStatements statements, string word) => statements.QueryFirst(
        "SELECT rowid FROM search_index WHERE words @@ CAST(@word AS tsquery) LIMIT 1", FormatWord(word)) is not null;

    public void Optimize(IPreparedStatements statements)
    {
        // Autovacuum merges the pending entries of GIN. A redaction rewrites the tables.
    }

    public FullTextCondition CreateCondition(MatchExpression match, string parameterName, (long First, long Last)? rowIds = null)
    {
        var conditions = new List<string> { $"{match.Table}.words @@ CAST(@{parameterName} AS tsquery)" };
        var parameters = new Dictionary<string, object>
        {
            [parameterName] = string.Join(" & ", match.Terms.Select(term => FormatTerm(term, phraseOperator: "&"))),
        };
        foreach (var (i, term) in match.Terms.Where(term => term.Alternatives.Any(phrase => phrase.Words.Count > 1)).Index())
        {
            var name = $"{parameterName}_phrase{i}";
            parameters[name] = FormatTerm(term, phraseOperator: "<->");
            var alternatives = new List<string> { $"{match.Table}.words @@ CAST(@{name} AS tsquery)" };
            foreach (var (j, phrase) in term.Alternatives.Index())
            {
                alternatives.Add($"strpos({match.Table}.folded, @{name}_{j}) > 0");
                parameters[$"{name}_{j}"] = $" {string.Join(' ', phrase.Words)} ";
            }
            conditions.Add($"({string.Join(" OR ", alternatives)})");
        }
        return new(string.Join(" AND ", conditions), parameters);
    }

    private static void Add(IPreparedStatements statements, string table, long rowId, string words, string facets)
    {
        var (vector, hasPositions) = CreateVector(words, facets);
        statements.Insert(table, "rowid, words, folded", rowId, vector, hasPositions ? null : $" {string.Join(' ', Split(words))} ");
    }

    private static (string Vector, bool HasPositions) CreateVector(string words, string facets)
    {
        var positions = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var (position, hasPositions) = (0, true);
        foreach (var word in Split(words))
        {
            if (!positions.TryGetValue(word, out var wordPositions))
                positions[word] = wordPositions = [];
            wordPositions.Add(++position);
            hasPositions &= wordPositions.Count <= MaxPositionsPerWord;
        }
        // Upper limit of the length: a word has up to 4 bytes per character, 2 bytes per position, and 4 bytes of its own.
        hasPositions &= position <= MaxPosition
            && positions.Sum(word => 4 + Encoding.UTF8.GetByteCount(word.Key) + 2 * word.Value.Count) <= MaxVectorLength;
        var vector = new StringBuilder();
        foreach (var (word, wordPositions) in positions)
            vector.Append(FormatWord(word)).Append(hasPositions ? $":{string.Join(',', wordPositions)}" : "").Append(' ');
        foreach (var facet in Split(facets))
            vector.Append(FormatWord(facet)).Append(' ');
        return (vector.ToString(), hasPositions);
    }

    private static string FormatTerm(MatchTerm term, string phraseOperator) => $"({string.Join(" | ", term.Alternatives.Select(phrase =>
        $"({string.Join($" {phraseOperator} ", phrase.Words.Select(FormatWord))}{(phrase.IsPrefix ? ":*" : "")})"))})";

    // The token of a facet, such as `type:meetings`, begins with `=`: a prefix of a word must not match it.
    private static string FormatWord(string word)
    {
        var token = word.IndexOf(':', StringComparison.Ordinal) > 0 ? "=" + word : word;
        if (token.Length > MaxWordLength)
            token = token[..(char.IsHighSurrogate(token[MaxWordLength - 1]) ? MaxWordLength - 1 : MaxWordLength)];
        return $"'{token.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
