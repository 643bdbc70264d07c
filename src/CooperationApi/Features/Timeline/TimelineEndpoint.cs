using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Storage;

namespace CooperationApi.Features.Timeline;

/// <summary>The route `/v1/timeline`: events in chronological order.</summary>
internal sealed class TimelineEndpoint(Database database, TimelineQueries timelineQueries)
{
    private static readonly IReadOnlyList<ReadableColumn<TimelineItem>> ReadableColumns =
    [
        new("on,until", "Date", "Ngày", 14,
            (item, format) => format.FormatRange(format.FormatDate(item.On), format.FormatDate(item.Until ?? item.On))),
        new("event", "Event", "Sự kiện", 12, (item, format) => format.GetName<TimelineEvent>(item.Event)),
        new("title,titleEn", "Title", "Tiêu đề", 50, (item, format) => format.Select(item.Title, item.TitleEn)),
        new("provinceIds", "Provinces", "Tỉnh, thành phố", 30, (item, format) => format.JoinLabels(item.ProvinceIds, "provinces")),
        new("otherProvinceIds,before,after,legalBasis", "Change", "Thay đổi", 28, FormatChange),
        new("type", "Type", "Loại", 16, (item, format) => format.GetTypeName(item.Type)),
        new("id", "Id", "Mã", 20, (item, _) => item.Id),
    ];

    /// <summary>Describes the route.</summary>
    public static OperationDescription Describe() => new("listTimeline", "timeline", "List timeline events.",
        "Returns meetings, agreements, results and changes of provinces with their legal basis, ordered by date. A date that is known "
        + "only to the month or year sorts at the start of the month or year. A result sorts at the start of its period. Records without "
        + "a year are not in the list; `undated` is their number.")
    {
        ResponseType = typeof(TimelinePage),
        Example = ("TimelinePage", () => JsonSerializer.SerializeToNode(Example, ApiJson.Options)),
        GetParameters = () => TimelineQuery.Parameters,
        IsPage = true,
        SupportsFileFormats = true,
    };

    /// <summary>Formats a change of a province unit: the other units, the names or kinds before and after, and the legal act.</summary>
    private static LinkedText FormatChange(TimelineItem item, ReadableFormatter format)
    {
        return ReadableFormatter.JoinLines(
        format.JoinLabels(item.OtherProvinceIds, "provinces"),
        item.Before is null && item.After is null ? null : $"{FormatState(item.Before)} → {FormatState(item.After)}",
        item.LegalBasis);

        string? FormatState(string? state) =>
            item.Event == TimelineEvent.KindChanged && state is not null
                ? format.GetName<ProvinceKind>(Enum.Parse<ProvinceKind>(state))
                : state;
    }

    private static TimelinePage Example => new()
    {
        Items =
        [
            new()
            {
                On = PartialDate.Parse("2019-10-26"),
                Type = "agreements",
                Id = "noi-dung-hop-tac-ha-noi-thai-binh-2019",
                Event = TimelineEvent.Adopted,
                Title = "Nội dung hợp tác giữa Hà Nội và Thái Bình trong thời gian tới về xây dựng Đảng, xây dựng hệ thống chính trị và "
                    + "phát triển kinh tế - xã hội",
                ProvinceIds = ["ha-noi", "thai-binh"],
            },
            new()
            {
                On = PartialDate.Parse("2025-07-01"),
                Type = "provinces",
                Id = "thai-binh",
                Event = TimelineEvent.Merged,
                Title = "Thái Bình",
                TitleEn = "Thai Binh",
                ProvinceIds = ["thai-binh"],
                OtherProvinceIds = ["hung-yen-2025"],
                LegalBasis = "202/2025/QH15",
            },
        ],
        Revision = 203,
        Total = 2,
        Undated = 9,
    };

    /// <summary>Returns a page of events, or all events as a file.</summary>
    public async Task<ReadResponse> GetTimeline(HttpContext context)
    {
        var version = database.Version;
        var query = TimelineQuery.Parse(context.Request);
        if (query.Format != FileFormat.Json)
        {
            var language = ContentNegotiation.SelectLanguage(context.Request);
            var table = new ItemTable<TimelineItem>("timeline", query.Format, ReadableColumns, language);
            return FileResponse.Create(context, version.Token, query.Format, table.CreateSource("timeline", (consume, cancel) =>
                timelineQueries.ReadAll(query, language, (item, formatter) => table.CreateRow(item.Id, item, formatter), consume, cancel)));
        }
        if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
            return notModified;
        var (page, pageVersion) = await timelineQueries.ReadPage(query, context.RequestAborted);
        return ReadResponse.FromJson(pageVersion.Token, page) with
        {
            NextPageUrl = QueryValues.WithCursor(context.Request, page.Next),
        };
    }
}
