namespace CooperationApi.Features.Statistics;

/// <summary>The numbers of records of all province units, and of all pairs of units that share records.</summary>
/// <param name="Units">The number of records of each unit that has any, by id. A record of several units counts for each of them.</param>
/// <param name="Pairs">The pairs, those with the most records first.</param>
public sealed record ProvinceContacts(IReadOnlyDictionary<string, long> Units, IReadOnlyList<ProvincePair> Pairs);

/// <summary>Two units with the numbers of their shared records. The first unit is the first in the order of ids.</summary>
public sealed record ProvincePair(string ProvinceId, string OtherId, long Meetings, long Agreements, long Commitments, long Results)
{
    /// <summary>The number of shared records of all types.</summary>
    public long Records => Meetings + Agreements + Commitments + Results;
}
