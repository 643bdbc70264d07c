namespace CooperationApi.Faults;

/// <summary>What is wrong with many records: the first of it, and how much it is.</summary>
internal sealed class FaultList
{
    /// <summary>So many are told one by one.</summary>
    public const int MostTold = 1000;

    private readonly List<Fault> first = [];

    public IReadOnlyList<Fault> First => first;

    public long Count { get; private set; }

    public void Add(Fault fault)
    {
        Count++;
        if (first.Count < MostTold)
            first.Add(fault);
    }

    /// <summary>Throws a <see cref="ProblemException"/> if anything is.</summary>
    public void Demand()
    {
        if (Count > 0)
            throw ProblemException.Invalid(first, Count);
    }
}
