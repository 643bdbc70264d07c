using CooperationApi.Formats;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Search;

/// <summary>The validated parameters of a search.</summary>
/// <param name="Terms">The terms of the search text.</param>
/// <param name="Types">The types to search; empty for all types.</param>
/// <param name="Provinces">The filter by provinces, of which a match must refer to at least one; null for no filter.</param>
/// <param name="Pillars">The pillars of the cooperation groups that match or that a match refers to; empty for no filter.</param>
/// <param name="From">The start of the date range that the dates of a match must overlap, if given.</param>
/// <param name="To">The end of this range, if given.</param>
/// <param name="IsSuggestion">True if the search covers titles and names only, for suggestions while the user types.</param>
/// <param name="Limit">The maximum number of matches on a page.</param>
/// <param name="Format">The format of the response.</param>
/// <param name="CursorScope">The scope to which cursors of this search are bound.</param>
/// <param name="StartAfter">
/// The rank and sort key of the last match of the previous page. The sort key is id and type, or the row id of an unranked match.
/// </param>
internal sealed record SearchQuery(SearchTerms Terms, IReadOnlyList<string> Types, AppliedFilter? Provinces, IReadOnlyList<string> Pillars,
    string? From, string? To, bool IsSuggestion, int Limit, FileFormat Format, string CursorScope, (long Rank, string SortKey)? StartAfter);
