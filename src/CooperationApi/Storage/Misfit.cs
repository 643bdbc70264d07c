namespace CooperationApi.Storage;

/// <summary>Something in a record that doesn't fit the others: where it stands in the record's JSON (`participants/2/officialId`), and what is wrong.</summary>
internal sealed record Misfit(string Code, string Type, string Id, string Place, params object[] Values);

/// <summary>What a transaction has found that doesn't fit: the first of it, and how much it is.</summary>
internal sealed class Misfits
{
    /// <summary>So many are told one by one: a bundle may have any number.</summary>
    public const int MostTold = 1000;

    private readonly List<Misfit> first = [];
    private long count;

    /// <summary>Whether one more is going to be told.</summary>
    public bool HasRoom => first.Count < MostTold;

    public void Add(Misfit misfit)
    {
        count++;
        if (HasRoom)
            first.Add(misfit);
    }

    /// <summary>Throws <see cref="MisfitException"/> if there are any.</summary>
    public void Demand()
    {
        if (count > 0)
            throw new MisfitException(first, count);
    }
}

/// <summary>Records that can't go in as they are, because they don't fit the others: the first faults, and how many there are.</summary>
internal sealed class MisfitException(IReadOnlyList<Misfit> first, long count) : Exception($"{count} misfits.")
{
    public IReadOnlyList<Misfit> First => first;

    public long Count => count;
}
