namespace CooperationApi.Storage.Writing;

/// <summary>The creation or replacement of a record, with all data derived from it.</summary>
internal sealed record RecordUpsert(
    string Type,
    string Id,
    RecordJson Body,
    IReadOnlyList<DerivedRows> Rows,
    IReadOnlyList<ReferenceRow> References,
    SearchDocument Search) : RecordChange(Type, Id)
{
    /// <summary>The partial date of the record's event; empty if the date is unknown, null if the record describes no event.</summary>
    public string? EventDate { get; init; }

    /// <summary>The quotes of the record's citations.</summary>
    public IReadOnlyList<QuotedPassage> Quotes { get; init; } = [];
}

/// <summary>A quote in the citation with this ordinal. Start and length are offsets in the source text, in code points from 0.</summary>
internal sealed record QuotedPassage(int Ordinal, string SourceId, string Text, int Start, int Length);

/// <summary>The rows of a record in one narrow table. All rows have the same columns, in addition to `row_id` and `id`.</summary>
internal sealed record DerivedRows(string Table, params IReadOnlyList<(string Column, SqlValue Value)[]> Rows);

/// <summary>
/// A reference in a member of a record; in a list member (`participants[].officialId`), the item with the ordinal. With several types
/// (`a|b`), the id must exist in exactly one of them.
/// </summary>
internal sealed record ReferenceRow(string Member, int Ordinal, string ToType, string ToId)
{
    /// <summary>The basis of a citation (`Stated`, `Inferred`, `Referenced`); null for other references.</summary>
    public string? Basis { get; init; }

    /// <summary>True if the referenced record is of this type, or can be.</summary>
    public bool CanReferTo(string type) => ToType == type || ToType.Split('|').Contains(type);
}
