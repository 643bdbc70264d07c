using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Resources;

/// <summary>
/// The date or period of a record: the text by which lists sort it, empty if unknown, and the first and the last day that it can mean.
/// <see cref="EndText"/> is the end of a period; null if it equals the text.
/// </summary>
internal sealed record DateRange(string Text, string? EndText, string? FirstDay, string? LastDay)
{
    public DateRange(PartialDate? date) : this(date, date)
    {
    }

    public DateRange(Period? period) : this(period?.From ?? period?.To, period?.To ?? period?.From)
    {
    }

    private DateRange(PartialDate? start, PartialDate? end)
        : this(start?.Text ?? "", end == start ? null : end?.Text, start?.FirstDay?.ToIso(), end?.LastDay?.ToIso())
    {
    }

    /// <summary>Creates the columns of the text, the first day and the last day.</summary>
    public (string Column, SqlValue Value)[] ToColumns(string text, string firstDay, string lastDay) =>
        [(text, Text), (firstDay, FirstDay), (lastDay, LastDay)];
}
