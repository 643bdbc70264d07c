using System.Collections.ObjectModel;
using CooperationApi.Storage;

namespace CooperationApi.Resources.Filters;

/// <summary>
/// An SQL condition on the rows of a table: on the table's own columns or, with <see cref="JoinTable"/>, on a row of another table with the
/// same row id. `@values` is the placeholder for the values, and each key of <see cref="IdQueries"/> for a set of ids.
/// </summary>
internal sealed record SqlCondition(string Table, string Expression)
{
    /// <summary>
    /// The queries for sets of ids, by placeholder. They are part of the condition until <see cref="WithIds"/> replaces them by the ids.
    /// </summary>
    public IReadOnlyDictionary<string, string> IdQueries { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The other table, if the condition is on one.</summary>
    public string? JoinTable { get; init; }

    /// <summary>The column of the other table that has the row id.</summary>
    public string RowIdColumn { get; init; } = "";

    /// <summary>
    /// The bound on a sort column that the condition implies. It limits an index scan in sort order to a part of the index.
    /// </summary>
    public (string Column, string Expression, bool IsUpperBound)? SortBound { get; init; }

    /// <summary>
    /// The maximum number of matching rows that are counted, if counting takes a lookup per row; null for the usual maximum.
    /// </summary>
    public int? MaxCounted { get; init; }

    /// <summary>
    /// True if most rows usually match and no index finds them. The matching rows are then not counted: a scan in sort order finds a page
    /// soon.
    /// </summary>
    public bool MatchesMost { get; init; }

    /// <summary>The condition in a form that can use an index.</summary>
    public string Sql =>
        JoinTable is not null
            ? $"{Table}.row_id IN ({RowIdsSql})"
            : SortBound is { } sortBound ? $"({sortBound.Expression} AND {Expression})" : $"({Expression})";

    /// <summary>Returns the condition as a test of a row that is already read.</summary>
    public string GetRowTestSql(IListHints hints) => hints.TestRow(JoinTable is null
        ? Expression
        : $"EXISTS (SELECT 1 FROM {JoinTable} WHERE {RowIdColumn} = {Table}.row_id AND {CompleteExpression})");

    /// <summary>The query for the row ids, if it differs from the condition as a test of one row.</summary>
    public string? RowIdsQuery { get; init; }

    /// <summary>The query for the row ids that match the condition.</summary>
    public string RowIdsSql => RowIdsQuery is not null ? RowIdsQuery
        : JoinTable is null
            ? $"SELECT {Table}.row_id FROM {Table} WHERE {Sql}"
            : $"SELECT {RowIdColumn} AS row_id FROM {JoinTable} WHERE {CompleteExpression}";

    /// <summary>Returns the condition with the placeholder for the values replaced.</summary>
    public SqlCondition WithValues(string values) => this with
    {
        Expression = Expression.Replace("@values", values, StringComparison.Ordinal),
        IdQueries = IdQueries.ToDictionary(query => query.Key, query => query.Value.Replace("@values", values, StringComparison.Ordinal)),
    };

    /// <summary>Returns the condition with SQL for the ids of one query instead of the query.</summary>
    public SqlCondition WithIds(string placeholder, string ids) => this with
    {
        Expression = Expression.Replace(placeholder, ids, StringComparison.Ordinal),
        IdQueries = IdQueries.Where(query => query.Key != placeholder).ToDictionary(),
    };

    private string CompleteExpression =>
        IdQueries.Aggregate(Expression, (expression, query) => expression.Replace(query.Key, query.Value, StringComparison.Ordinal));
}
