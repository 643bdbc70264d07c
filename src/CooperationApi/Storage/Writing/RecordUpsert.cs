namespace CooperationApi.Storage.Writing;

/// <summary>
/// A record as it is to stand, and all that is derived from it.
/// </summary>
internal sealed record RecordUpsert(
    string Type,
    string Id,
    RecordJson Body,
    IReadOnlyList<DerivedRows> Rows,
    IReadOnlyList<ReferenceRow> References,
    SearchDocument Search) : RecordChange(Type, Id)
{
    /// <summary>When what the record tells of happened, as far as it is known: empty if it isn't; null if it tells of nothing that happens.</summary>
    public string? EventDate { get; init; }

    /// <summary>What it quotes.</summary>
    public IReadOnlyList<QuotedPassage> Quotes { get; init; } = [];
}

/// <summary>That a record quotes a source, in its citation of this ordinal: where the words stand in the text, in code points from 0.</summary>
internal sealed record QuotedPassage(int Ordinal, string SourceId, string Text, int Start, int Length);

/// <summary>A record's rows in one narrow table: of each the columns besides `number` and `id`, which are the same in all, and their values.</summary>
internal sealed record DerivedRows(string Table, params IReadOnlyList<(string Column, SqlValue Value)[]> Rows);

/// <summary>That a record names another in a member; of a list's members (`participants[].officialId`) the one of the ordinal. Several types (`a|b`) mean the one of them that has the id.</summary>
internal sealed record ReferenceRow(string Member, int Ordinal, string ToType, string ToId)
{
    /// <summary>Of a citation, how its source supports the record.</summary>
    public string? Basis { get; init; }
}
