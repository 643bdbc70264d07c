namespace CooperationApi.Storage.Writing;

/// <summary>What a transaction has found that doesn't fit: the first of it, and how much it is.</summary>
internal sealed class ConstraintViolations
{
    /// <summary>So many are told one by one: a bundle may have any number.</summary>
    public const int MaxReported = 1000;

    private readonly List<ConstraintViolation> reported = [];
    private long totalCount;

    /// <summary>Whether one more is going to be told.</summary>
    public bool CanReportMore => reported.Count < MaxReported;

    public void Add(ConstraintViolation violation)
    {
        totalCount++;
        if (CanReportMore)
            reported.Add(violation);
    }

    /// <summary>Throws <see cref="ConstraintViolationException"/> if there are any.</summary>
    public void ThrowIfAny()
    {
        if (totalCount > 0)
            throw new ConstraintViolationException(reported, totalCount);
    }
}

/// <summary>Records that can't go in as they are, because they don't fit the others: the first faults, and how many there are.</summary>
internal sealed class ConstraintViolationException(IReadOnlyList<ConstraintViolation> violations, long count) : Exception($"{count} misfits.")
{
    public IReadOnlyList<ConstraintViolation> Violations => violations;

    public long Count => count;
}
