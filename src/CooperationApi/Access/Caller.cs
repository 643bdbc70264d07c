using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Access;

/// <summary>
/// Somebody whose key or token was found good. <paramref name="Id"/> is the key's, or the subject of the token; <paramref name="Name"/> is how
/// the record's history calls them; <paramref name="Provinces"/> are those whose records they may write, null for all.
/// </summary>
internal sealed record Caller(string Id, string Name, Role Role, IReadOnlySet<string>? Provinces)
{
    /// <summary>
    /// Whether they may write a record that names these provinces: one of them is theirs. A record that names none is nobody's in particular, and
    /// not theirs if they are bound to provinces. To be asked of the record as it stands and as it is to stand, lest one is taken over or given away.
    /// </summary>
    public bool CanWrite(IEnumerable<string> provinceIds) => Provinces is null || provinceIds.Any(Provinces.Contains);

    /// <summary>The same as a demand. Throws a <see cref="ProblemException"/>: 403 `province_forbidden`.</summary>
    public void EnsureCanWrite(IEnumerable<string> provinceIds)
    {
        if (!CanWrite(provinceIds))
            throw AccessProblems.OutsideProvinces(Provinces!);
    }
}
