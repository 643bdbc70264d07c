using CooperationApi.Contracts;

namespace CooperationApi.Http.Problems;

/// <summary>Collects the errors of many records: the first of them and the total number.</summary>
internal sealed class RequestErrors
{
    private readonly List<RequestError> first = [];

    public IReadOnlyList<RequestError> First => first;

    public long Count { get; private set; }

    public void Add(RequestError error)
    {
        Count++;
        if (first.Count < Limits.MaxErrors)
            first.Add(error);
    }

    /// <summary>Throws a <see cref="ProblemException"/> if there are errors.</summary>
    public void ThrowIfAny()
    {
        if (Count > 0)
            throw ProblemException.InvalidRequest(first, Count);
    }
}
