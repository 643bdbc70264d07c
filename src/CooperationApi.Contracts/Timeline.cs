using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>A page of events, ordered by date.</summary>
public sealed record TimelinePage
{
    /// <summary>The events of the page, in the requested order.</summary>
    [Length(0, Limits.MaxPageItems)]
    public required IReadOnlyList<TimelineItem> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last page.</summary>
    [Cursor]
    public string? Next { get; init; }

    /// <summary>The revision of the data set to which the page belongs.</summary>
    public required long Revision { get; init; }

    /// <summary>The number of events in the whole list; only with `total=true`.</summary>
    public long? Total { get; init; }

    /// <summary>The number of records that match all filters except the time, but have no year. They are not in the list.</summary>
    public required long Undated { get; init; }

    /// <summary>
    /// The ids of the units that the timeline covers, the current unit first, then its former units; only with `unit=current`.
    /// </summary>
    [Length(1, 200), Slug]
    public IReadOnlyList<string>? Units { get; init; }
}

/// <summary>An event: a meeting, an agreement, a result, or a change of a province unit.</summary>
public sealed record TimelineItem
{
    /// <summary>The date or first date of the event, to the known precision. A month or a year sorts at its start.</summary>
    public required PartialDate On { get; init; }

    /// <summary>The last date of the event, if it differs from the first.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>The type of the record of the event.</summary>
    [AllowedValues("agreements", "meetings", "provinces", "results")]
    public required string Type { get; init; }

    /// <summary>The record's id.</summary>
    [Slug]
    public required string Id { get; init; }

    /// <summary>The kind of event.</summary>
    public required TimelineEvent Event { get; init; }

    /// <summary>The title of the record, or the name of the province unit.</summary>
    [Length(1, 500)]
    public required string Title { get; init; }

    /// <summary>The title in English.</summary>
    [Length(1, 500)]
    public string? TitleEn { get; init; }

    /// <summary>
    /// The ids of the province units of the record: the parties, then any others. For a change of a province unit, the unit itself.
    /// </summary>
    [Length(0, 1200), Slug]
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>For `Formed` the ids of the predecessors; for `Merged` the ids of the successors.</summary>
    [Length(0, 200), Slug]
    public IReadOnlyList<string> OtherProvinceIds { get; init; } = [];

    /// <summary>The name or kind before the change.</summary>
    [Length(1, 100)]
    public string? Before { get; init; }

    /// <summary>The name or kind after the change.</summary>
    [Length(1, 100)]
    public string? After { get; init; }

    /// <summary>The number of the legal act of a change of a province unit, if known.</summary>
    [Length(1, 200)]
    public string? LegalBasis { get; init; }
}

/// <summary>
/// The kinds of events: a meeting is Held, an agreement Adopted, a contribution Given, any other result Delivered; a province unit is
/// Formed, Renamed, changed in kind (KindChanged), Merged into other units, or Ended without a successor.
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
