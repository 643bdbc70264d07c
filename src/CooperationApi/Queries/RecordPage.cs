using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>A page of records with the store version at which it was read.</summary>
internal sealed record RecordPage(IReadOnlyList<RecordRow> Records, bool HasMore, long? Total, StoreVersion Version)
{
    /// <summary>The units of the lineage with `unit=current`; otherwise null.</summary>
    public IReadOnlyList<CurrentUnit>? Units { get; init; }
}
