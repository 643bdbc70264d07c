namespace CooperationApi.Contracts;

/// <summary>A page of what happened, in the order in which it did.</summary>
public sealed record TimelinePage
{
    /// <summary>The rows of this page, in the order asked for.</summary>
    public required IReadOnlyList<TimelineItem> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last one.</summary>
    public string? Next { get; init; }

    /// <summary>The number of the last change that this page takes into account.</summary>
    public required long Revision { get; init; }

    /// <summary>How many rows the whole list has; only when asked for with `total=true`.</summary>
    public long? Total { get; init; }

    /// <summary>How many records fit but for the time, and have no year: they have no place here, and are not in the list.</summary>
    public required long Undated { get; init; }

    /// <summary>The ids of the units that the timeline is of, today's first, then those that it was made of; only when asked for with `unit=current`.</summary>
    public IReadOnlyList<string>? Units { get; init; }
}

/// <summary>Something that happened: a meeting, an agreement, a result, or a change of a province.</summary>
public sealed record TimelineItem
{
    /// <summary>When it happened or began, as far as it is known; a month or a year stands where it begins.</summary>
    public required PartialDate On { get; init; }

    /// <summary>When it ended, if that was not when it began.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>The type of the record that tells of it.</summary>
    public required string Type { get; init; }

    /// <summary>The record's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What happened.</summary>
    public required TimelineEvent Event { get; init; }

    /// <summary>The record's title, or the province's name.</summary>
    public required string Title { get; init; }

    /// <summary>The same in English.</summary>
    public string? TitleEn { get; init; }

    /// <summary>The provinces that the record names: the parties, then any others. Of a change of a province, that province.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>Of a province that was formed, those that it was made of; of one that was merged, those that it became part of.</summary>
    public IReadOnlyList<string> OtherProvinceIds { get; init; } = [];

    /// <summary>The name or kind before a change of it.</summary>
    public string? Before { get; init; }

    /// <summary>The name or kind after it.</summary>
    public string? After { get; init; }

    /// <summary>The number of the act by which a province was changed, where one is known.</summary>
    public string? LegalBasis { get; init; }
}

/// <summary>
/// What can happen: a meeting is Held, an agreement Adopted, a contribution Given and any other result Delivered; a province is Formed, Renamed,
/// made another kind of unit (KindChanged), Merged into others, or Ended without becoming part of another.
/// </summary>
public enum TimelineEvent
{
    Held,
    Adopted,
    Delivered,
    Given,
    Formed,
    Renamed,
    KindChanged,
    Merged,
    Ended,
}
