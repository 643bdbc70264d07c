using CooperationApi.Queries;
using CooperationApi.Storage;

namespace CooperationApi.Features.Search;

/// <summary>A page of a search: what was found, with where the next page begins.</summary>
internal sealed record SearchResultPage(IReadOnlyList<(SearchCandidate Found, RecordRow Record)> Rows, (long Rank, string Place)? Next, bool IsFullyRanked, IReadOnlyList<(string Type, int Count, bool OrMore)> Facets, StoreVersion Version);
