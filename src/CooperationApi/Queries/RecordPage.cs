using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>One page of records, and the state that it was read in.</summary>
internal sealed record RecordPage(IReadOnlyList<RecordRow> Records, bool HasMore, long? Total, StoreVersion Version)
{
    /// <summary>The units of today that the list answers for, if it was asked so.</summary>
    public IReadOnlyList<CurrentUnit>? Units { get; init; }
}
