using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Features.Statistics;

/// <summary>Sums contributions in one unit.</summary>
internal sealed class ContributionTotal(SumUnit sumUnit)
{
    // decimal: a sum of amounts can exceed 64 bits.
    private decimal sum;
    private bool isApproximate, isAtLeast, isAtMost;
    private readonly List<string> ids = [];
    private int count;

    public void Add(ContributionRecord contribution)
    {
        sum += contribution.AmountIn(sumUnit);
        count++;
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
        Amount = sumUnit.Currency is null ? null : (long)EnsureExact(sum),
        Unit = sumUnit.Unit,
        Quantity = sumUnit.Unit is null ? null : EnsureExact(sum),
        Approximate = isApproximate ? true : null,
        AtLeast = isAtLeast ? true : null,
        AtMost = isAtMost ? true : null,
        Count = count,
        Ids = ids,
    };

    /// <summary>Returns a sum that every JSON reader reads exactly. Throws 400 for a larger sum.</summary>
    private static decimal EnsureExact(decimal sum) =>
        sum <= Limits.MaxSafeInteger ? sum : throw new ProblemException(400, "sum_too_large", sum, Limits.MaxSafeInteger);
}
