using CooperationApi.Faults;
using CooperationApi.Storage;

namespace CooperationApi.Import;

/// <summary>What is wrong with a bundle: the first of it, and how much it is.</summary>
internal sealed class FaultList
{
    private readonly List<Fault> first = [];

    public long Count { get; private set; }

    public void Add(Fault fault)
    {
        Count++;
        if (first.Count < Misfits.MostTold)
            first.Add(fault);
    }

    /// <summary>Throws a <see cref="ProblemException"/> if anything is.</summary>
    public void Demand()
    {
        if (Count > 0)
            throw ProblemException.Invalid(first, Count);
    }
}
