namespace CooperationApi.Storage;

/// <summary>
/// The receipt of a write: one record as it is to stand, and all that is derived from it.
/// <paramref name="Body"/> is the record's JSON with the revision that it is given.
/// </summary>
internal sealed record Changed(
    string Type,
    string Id,
    Func<long, string> Body,
    IReadOnlyList<DerivedRows> Rows,
    IReadOnlyList<Reference> References);

/// <summary>A record's rows in one narrow table: the columns besides `id`, and their values.</summary>
internal sealed record DerivedRows(string Table, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Values);

/// <summary>That a record names another in a member; of a list's members (`participants[].officialId`) the one of the ordinal. Several types (`a|b`) mean the one of them that has the id.</summary>
internal sealed record Reference(string Member, int Ordinal, string ToType, string ToId);

/// <summary>What a write did.</summary>
internal sealed record Written(int Created, int Replaced, int Unchanged, Mark Mark);

/// <summary>A state of the store: the life that it belongs to and the number of its last change.</summary>
internal sealed record Mark(string Epoch, long Revision)
{
    /// <summary>The state as one word, for ETags and caches.</summary>
    public string Text { get; } = $"{Epoch}-{Revision}";
}

/// <summary>Records that a write would leave naming others that do not exist, or that two types have: which is meant can't be told.</summary>
internal sealed class DanglingReferencesException(IReadOnlyList<Dangling> references, bool areAmbiguous = false)
    : Exception($"{references.Count} references lead nowhere, or to two records.")
{
    /// <summary>Whether each leads to two records, and not to none.</summary>
    public bool AreAmbiguous => areAmbiguous;

    public IReadOnlyList<Dangling> References { get; } = references;
}

/// <summary>One reference that leads nowhere.</summary>
internal sealed record Dangling
{
    public required string Type { get; init; }

    public required string Id { get; init; }

    public required string Member { get; init; }

    public required int Ordinal { get; init; }

    public required string ToType { get; init; }

    public required string ToId { get; init; }
}
