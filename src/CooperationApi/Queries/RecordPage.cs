using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Queries;

/// <summary>
/// A page of records with the store version at which it was read, and with the units of the lineage if `unit=current` is requested.
/// </summary>
internal sealed record RecordPage(IReadOnlyList<RecordRow> Records, bool HasMore, long? Total, StoreVersion Version,
    IReadOnlyList<CurrentUnit>? Units);
