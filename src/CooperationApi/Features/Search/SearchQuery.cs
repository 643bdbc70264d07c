namespace CooperationApi.Features.Search;

/// <summary>What a search asks for, read and checked.</summary>
internal sealed record SearchQuery
{
    public required SearchTerms Terms { get; init; }

    /// <summary>The only types to find, if any are given.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The provinces of which a record must name one, if any are given.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>The pillars to which a record must belong, or a group of cooperation that it names, if any are given.</summary>
    public required IReadOnlyList<string> Pillars { get; init; }

    /// <summary>The first and the last day of the span that a record must be about a part of, if they are given.</summary>
    public required string? From { get; init; }

    /// <inheritdoc cref="From"/>
    public required string? To { get; init; }

    /// <summary>Whether only names are looked at, for suggestions while somebody types.</summary>
    public required bool IsSuggestion { get; init; }

    public required int Limit { get; init; }

    /// <summary>The rank, and the type and id or the number, of the record before the page.</summary>
    public (long Rank, string Place)? StartAfter { get; init; }
}
