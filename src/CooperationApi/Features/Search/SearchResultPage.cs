using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Storage;

namespace CooperationApi.Features.Search;

/// <summary>A page of matches with the position of the next page.</summary>
internal sealed record SearchResultPage(
    IReadOnlyList<(SearchCandidate Candidate, RecordRow Record)> Rows,
    (long Rank, string SortKey)? Next,
    bool IsFullyRanked,
    IReadOnlyList<TypeCount> Facets,
    StoreVersion Version);
