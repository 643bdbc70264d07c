using CooperationApi.Formats;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Features.Search;

/// <summary>The validated parameters of a search.</summary>
internal sealed record SearchQuery
{
    public required SearchTerms Terms { get; init; }

    /// <summary>The types to search; empty for all types.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The filter by provinces, of which a match must refer to at least one; null for no filter.</summary>
    public required AppliedFilter? Provinces { get; init; }

    /// <summary>The pillars of the cooperation groups that match or that a match refers to; empty for no filter.</summary>
    public required IReadOnlyList<string> Pillars { get; init; }

    /// <summary>The bounds of the date range that the dates of a match must overlap, if given.</summary>
    public required string? From { get; init; }

    /// <inheritdoc cref="From"/>
    public required string? To { get; init; }

    /// <summary>True if the search covers titles and names only, for suggestions while the user types.</summary>
    public required bool IsSuggestion { get; init; }

    public required int Limit { get; init; }

    public required FileFormat Format { get; init; }

    /// <summary>The scope to which cursors of this search are bound.</summary>
    public required string CursorScope { get; init; }

    /// <summary>
    /// The rank and sort key of the last match of the previous page. The sort key is id and type, or the row id of an unranked match.
    /// </summary>
    public (long Rank, string SortKey)? StartAfter { get; init; }
}
