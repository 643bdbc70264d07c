using CooperationApi.Contracts;

namespace CooperationApi.Access;

/// <summary>
/// An authenticated caller. <paramref name="Id"/> is the id of the key or the subject of the token; <paramref name="Name"/> is the actor in
/// the history; <paramref name="Provinces"/> are the ids of the provinces whose records the caller may write, null for all.
/// </summary>
internal sealed record Caller(string Id, string Name, Role Role, IReadOnlySet<string>? Provinces)
{
    /// <summary>
    /// True if the caller may write a record that refers to these provinces: at least one is the caller's. A caller with provinces may not
    /// write a record without provinces. Check the current and the new record, so that no record moves into or out of the caller's
    /// provinces.
    /// </summary>
    public bool CanWrite(IEnumerable<string> provinceIds) => Provinces is null || provinceIds.Any(Provinces.Contains);

    /// <summary>Throws 403 `province_forbidden` unless <see cref="CanWrite"/> is true.</summary>
    public void EnsureCanWrite(IEnumerable<string> provinceIds)
    {
        if (!CanWrite(provinceIds))
            throw AccessProblems.OutsideProvinces(Provinces!);
    }
}
