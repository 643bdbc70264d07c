namespace CooperationApi.Http.Problems;

/// <summary>What is wrong with many records: the first of it, and how much it is.</summary>
internal sealed class RequestErrors
{
    /// <summary>So many are told one by one.</summary>
    public const int MaxReported = 1000;

    private readonly List<RequestError> first = [];

    public IReadOnlyList<RequestError> First => first;

    public long Count { get; private set; }

    public void Add(RequestError error)
    {
        Count++;
        if (first.Count < MaxReported)
            first.Add(error);
    }

    /// <summary>Throws a <see cref="ProblemException"/> if anything is.</summary>
    public void ThrowIfAny()
    {
        if (Count > 0)
            throw ProblemException.InvalidRequest(first, Count);
    }
}
