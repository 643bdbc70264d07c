namespace CooperationApi.Http.Problems;

/// <summary>Collects the errors of many records: the first of them and the total number.</summary>
internal sealed class RequestErrors
{
    /// <summary>The maximum number of errors that are reported one by one.</summary>
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

    /// <summary>Throws a <see cref="ProblemException"/> if there are errors.</summary>
    public void ThrowIfAny()
    {
        if (Count > 0)
            throw ProblemException.InvalidRequest(first, Count);
    }
}
