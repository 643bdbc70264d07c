using CooperationApi.Contracts;

namespace CooperationApi.Statistics;

/// <summary>Adds up contributions of one measure.</summary>
internal sealed class Tally(Measure measure)
{
    /// <summary>How many ids are told.</summary>
    public const int MostIds = 100;

    // Sums of money go beyond 64 bits sooner than they go out of use.
    private decimal sum;
    private bool approximate, atLeast, atMost;
    private readonly List<string> ids = [];
    private int count;

    public void Add(Contribution part)
    {
        sum += part.Of(measure);
        count++;
        approximate |= part.Approximate;
        atLeast |= part.Bound == nameof(Bound.AtLeast);
        atMost |= part.Bound == nameof(Bound.AtMost);
        if (ids.Count < MostIds)
            ids.Add(part.Id);
    }

    /// <summary>The row with the sum in it.</summary>
    public T Into<T>(T row) where T : ContributionSum => row with
    {
        Currency = measure.Currency == "" ? null : measure.Currency,
        Amount = measure.Currency == "" ? null : sum,
        Unit = measure.Unit == "" ? null : measure.Unit,
        Quantity = measure.Unit == "" ? null : sum,
        Approximate = approximate ? true : null,
        AtLeast = atLeast ? true : null,
        AtMost = atMost ? true : null,
        Count = count,
        Ids = ids,
    };
}
