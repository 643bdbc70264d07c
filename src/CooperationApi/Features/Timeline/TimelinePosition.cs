using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Text;

namespace CooperationApi.Features.Timeline;

/// <summary>The sort position of a timeline item: its date, then its type, id and event.</summary>
internal sealed record TimelinePosition(string DateText, string Type, string Id, string Event) : IComparable<TimelinePosition>
{
    /// <summary>A text that sorts before every date with a year and after every date without a year.</summary>
    public const string EarliestYearText = "1";

    /// <summary>
    /// Returns the first text, in ordinal order, of a date that starts on a day: `2019` for January 1, `2019-10` for October 1. In ordinal
    /// order, a year sorts before its months and a month before its days.
    /// </summary>
    public static string EarliestText(string day) =>
        day.EndsWith("-01-01", StringComparison.Ordinal) ? day[..4] : day.EndsWith("-01", StringComparison.Ordinal) ? day[..7] : day;

    /// <summary>The date.</summary>
    public PartialDate Date => PartialDate.Parse(DateText);

    /// <summary>True if an event can have the position: a date with a year, and the name of an event for a province only.</summary>
    public bool IsValid => PartialDate.TryParse(DateText, out var date) && date.FirstDay is not null && TimelineSource.Types.Contains(Type)
        && Slug.IsSlug(Id) && (Type == ResourceTypes.Provinces ? Enum.GetNames<TimelineEvent>().Contains(Event) : Event.Length == 0);

    public int CompareTo(TimelinePosition? other) => other is null ? 1 : string.CompareOrdinal(SortKey, other.SortKey);

    // No part contains a character that sorts before a line feed.
    private string SortKey => $"{DateText}\n{Type}\n{Id}\n{Event}";
}
