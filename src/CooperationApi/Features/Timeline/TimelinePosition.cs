using CooperationApi.Contracts;

namespace CooperationApi.Features.Timeline;

/// <summary>A row's place in time, and what tells it from others on the same date.</summary>
internal sealed record TimelinePosition(string DateText, string Type, string Id, string Event) : IComparable<TimelinePosition>
{
    /// <summary>Less than any date whose year is known, and greater than any other.</summary>
    public const string EarliestYearText = "1";

    /// <summary>
    /// The least text of a date that stands on a day: `2019` for the first of January, `2019-10` for the first of October. As text, a year comes before its
    /// months and a month before its days.
    /// </summary>
    public static string EarliestText(string day) => day.EndsWith("-01-01", StringComparison.Ordinal) ? day[..4] : day.EndsWith("-01", StringComparison.Ordinal) ? day[..7] : day;

    /// <summary>The date.</summary>
    public PartialDate Date => PartialDate.Parse(DateText);

    public int CompareTo(TimelinePosition? other) => other is null ? 1 : string.CompareOrdinal(SortKey, other.SortKey);

    // None of its parts has a character that comes before a line feed.
    private string SortKey => $"{DateText}\n{Type}\n{Id}\n{Event}";
}
