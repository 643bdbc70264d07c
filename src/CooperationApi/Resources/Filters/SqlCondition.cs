namespace CooperationApi.Resources.Filters;

/// <summary>
/// What SQL asks of the rows of a table: something of their own columns or, with <see cref="JoinTable"/>, that a row elsewhere has their number and fulfils it.
/// `@values` stands for the values.
/// </summary>
internal sealed record SqlCondition(string Table, string Expression)
{
    /// <summary>Where else rows are looked at.</summary>
    public string? JoinTable { get; init; }

    /// <summary>The column there that has the number.</summary>
    public string RowIdColumn { get; init; } = "";

    /// <summary>What follows of it for a column that lists are sorted by: with it, only a part of them need be gone through.</summary>
    public (string Column, string Where, bool IsUpper)? SortBound { get; init; }

    /// <summary>As a condition by which rows are looked for.</summary>
    public string Sql => JoinTable is not null ? $"{Table}.number IN ({RowIdsSql})" : SortBound is { } sortBound ? $"({sortBound.Where} AND {Expression})" : $"({Expression})";

    /// <summary>As a condition on a row that is met already. CASE keeps a database from looking for rows by it all the same.</summary>
    public string RowTestSql => $"CASE WHEN {(JoinTable is null ? Expression : $"EXISTS (SELECT 1 FROM {JoinTable} WHERE {RowIdColumn} = {Table}.number AND {Expression})")} THEN 1 ELSE 0 END = 1";

    /// <summary>The numbers of the rows that fulfil it.</summary>
    public string RowIdsSql => JoinTable is null ? $"SELECT {Table}.number FROM {Table} WHERE {Sql}" : $"SELECT {RowIdColumn} AS number FROM {JoinTable} WHERE {Expression}";

    /// <summary>The predicate with something in the place of its values.</summary>
    public SqlCondition WithValues(string values) => this with { Expression = Expression.Replace("@values", values, StringComparison.Ordinal) };
}
