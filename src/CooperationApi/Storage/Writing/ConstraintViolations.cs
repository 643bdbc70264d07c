namespace CooperationApi.Storage.Writing;

/// <summary>Collects the constraint violations of a transaction: the first ones, and the total count.</summary>
internal sealed class ConstraintViolations
{
    /// <summary>The maximum number of reported violations; a bundle can have any number.</summary>
    public const int MaxReported = 1000;

    private readonly List<ConstraintViolation> reported = [];
    private long totalCount;

    /// <summary>True if no further violation is reported, only counted.</summary>
    public bool IsFull => reported.Count == MaxReported;

    /// <summary>The number of reported violations.</summary>
    public int ReportedCount => reported.Count;

    public void Add(ConstraintViolation violation)
    {
        totalCount++;
        if (reported.Count < MaxReported)
            reported.Add(violation);
    }

    /// <summary>Throws <see cref="ConstraintViolationException"/> if there are any.</summary>
    public void ThrowIfAny()
    {
        if (totalCount > 0)
            throw new ConstraintViolationException(reported, totalCount);
    }
}

/// <summary>The write violates constraints across records. Has the first violations and their total count.</summary>
internal sealed class ConstraintViolationException(IReadOnlyList<ConstraintViolation> violations, long count)
    : Exception($"{count} constraint violations.")
{
    public IReadOnlyList<ConstraintViolation> Violations => violations;

    public long Count => count;
}
