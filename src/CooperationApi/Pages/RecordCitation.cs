using System.Globalization;
using CooperationApi.Http.Problems;
using CooperationApi.Text;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>
/// The bibliographic data of a state of a record: its name, the site as publisher, the day on which it was written, and the address that
/// shows this state. Records have no authors. There is no date of access, because the address shows the same state on every day.
/// </summary>
internal sealed class RecordCitation(PageContext page, IStringLocalizer<PageTexts> text, RecordState state)
{
    /// <summary>A key that is unique among the citations of this site.</summary>
    public string Key => $"{state.Type}-{state.Record.Id}-{Revision}";

    public string Title => page.GetName(state.Type, state.Record).Text;

    /// <summary>The language of the title.</summary>
    public Language Language => page.GetName(state.Type, state.Record).Language;

    public string Publisher => text["SiteName"];

    /// <summary>The revision that wrote the state.</summary>
    public long Revision => state.Record.Revision;

    /// <summary>The day on which the state was written, in Vietnam.</summary>
    public DateOnly Date => DateOnly.FromDateTime(
        DateTimeOffset.Parse(state.ChangedAt, CultureInfo.InvariantCulture).ToOffset(VietnamTime.Offset).DateTime);

    public string Url => page.ToPublicUrl($"/{state.Type}/{state.Record.Id}?revision={Revision}");

    /// <summary>The revision with its day, and a note about the access to it.</summary>
    public string Note => text["CitationNote", page.Format.FormatNumber(Revision)!, page.Format.FormatDate(Date)!];
}
