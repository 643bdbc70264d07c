using CooperationApi.Text;

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
    /// <summary>
    /// The partial date of the record's event, or of its start; empty if the date is unknown, null if the record describes no event.
    /// </summary>
    public string? EventDate { get; init; }

    /// <summary>The partial date of the event's end; null if the event does not extend over a period.</summary>
    public string? EventEnd { get; init; }

    /// <summary>The quotes of the record's citations.</summary>
    public IReadOnlyList<QuotedPassage> Quotes { get; init; } = [];

    /// <summary>
    /// Returns the upsert with the given starts in the quotes, by ordinal; null if the record states the offsets of all its quotes.
    /// </summary>
    public Func<IReadOnlyDictionary<int, int>, RecordUpsert>? WithQuoteStarts { get; init; }
}

/// <summary>
/// A quote in the citation with this ordinal. The start is an offset in the source text, in code points from 0; null if the record does
/// not state it.
/// </summary>
internal sealed record QuotedPassage(int Ordinal, string SourceId, string Text, int? Start)
{
    /// <summary>The first character that only a quote from a stored source text may have; null if the quote has none.</summary>
    public InvalidCharacter? InvalidCharacter { get; init; }

    /// <summary>The length of the text, in code points.</summary>
    public int Length { get; } = Text.EnumerateRunes().Count();
}

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

    /// <summary>True if the reference means the same in both directions, so that two records may refer to each other.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>True if the referenced record is of this type, or can be.</summary>
    public bool CanReferTo(string type) =>
        ToType == type || ToType.Contains('|', StringComparison.Ordinal) && ToType.Split('|').Contains(type);
}
