using CooperationApi.Storage.Writing;

namespace CooperationApi.Storage;

/// <summary>
/// The full-text indexes `search_index` (all texts) and `search_name` (names). Both have the row id of a record in the column `rowid`.
/// </summary>
internal interface IFullTextIndex
{
    /// <summary>Adds the words of a record.</summary>
    void Add(IPreparedStatements statements, long rowId, SearchDocument document);

    /// <summary>Removes the words of a record.</summary>
    void Remove(IPreparedStatements statements, long rowId);

    /// <summary>Returns true if the texts of a record contain the word.</summary>
    bool ContainsWord(IPreparedStatements statements, string word);

    /// <summary>Merges the parts of the indexes after many changes, and erases removed words.</summary>
    void Optimize(IPreparedStatements statements);

    /// <summary>
    /// Returns the SQL condition on the rows of an index that match an expression, with its parameters, whose names begin with
    /// <paramref name="parameterName"/>. A range of row ids limits the part of the index that is read.
    /// </summary>
    FullTextCondition CreateCondition(MatchExpression match, string parameterName, (long First, long Last)? rowIds = null);
}

/// <summary>An SQL condition on the rows of a full-text index, and its parameters.</summary>
internal sealed record FullTextCondition(string Sql, IReadOnlyDictionary<string, object> Parameters);
