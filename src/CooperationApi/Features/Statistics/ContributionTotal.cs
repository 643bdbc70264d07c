using CooperationApi.Contracts;
using CooperationApi.Queries;

namespace CooperationApi.Features.Statistics;

/// <summary>Sums contributions in one unit.</summary>
internal sealed class ContributionTotal(SumUnit sumUnit)
{
    // decimal: a sum of amounts can exceed 64 bits.
    private decimal sum;
    private bool isApproximate, isAtLeast, isAtMost;
    private readonly List<string> ids = [];
    private int count;

    /// <summary>The number of contributions whose year is that of their meeting.</summary>
    public int DatedByMeetingCount { get; private set; }

    public void Add(ContributionRecord contribution)
    {
        sum += contribution.AmountIn(sumUnit);
        count++;
        DatedByMeetingCount += contribution.IsDatedByMeeting ? 1 : 0;
        isApproximate |= contribution.Approximate;
        isAtLeast |= contribution.Bound == nameof(Bound.AtLeast);
        isAtMost |= contribution.Bound == nameof(Bound.AtMost);
        if (ids.Count < Limits.MaxSumIds)
            ids.Add(contribution.Id);
    }

    /// <summary>Returns a copy of the row with the sum.</summary>
    public T ApplyTo<T>(T row) where T : ContributionSum => row with
    {
        Currency = sumUnit.Currency,
        Amount = sumUnit.Currency is null ? null : (long)ExactSum.Ensure(sum),
        Unit = sumUnit.Unit,
        Quantity = sumUnit.Unit is null ? null : ExactSum.Ensure(sum),
        Approximate = isApproximate ? true : null,
        AtLeast = isAtLeast ? true : null,
        AtMost = isAtMost ? true : null,
        Count = count,
        Ids = ids,
    };
}
