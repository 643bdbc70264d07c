using CooperationApi.Contracts;

namespace CooperationApi.Features.Statistics;

/// <summary>Adds up contributions of one measure.</summary>
internal sealed class ContributionTotal(SumUnit sumUnit)
{
    /// <summary>How many ids are told.</summary>
    public const int MaxIds = 100;

    // Sums of money go beyond 64 bits sooner than they go out of use.
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
        if (ids.Count < MaxIds)
            ids.Add(contribution.Id);
    }

    /// <summary>The row with the sum in it.</summary>
    public T ApplyTo<T>(T row) where T : ContributionSum => row with
    {
        Currency = sumUnit.Currency == "" ? null : sumUnit.Currency,
        Amount = sumUnit.Currency == "" ? null : sum,
        Unit = sumUnit.Unit == "" ? null : sumUnit.Unit,
        Quantity = sumUnit.Unit == "" ? null : sum,
        Approximate = isApproximate ? true : null,
        AtLeast = isAtLeast ? true : null,
        AtMost = isAtMost ? true : null,
        Count = count,
        Ids = ids,
    };
}
