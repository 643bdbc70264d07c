using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Storage;

namespace CooperationApi.Features.Timeline;

/// <summary>The route `/v1/timeline`: events in chronological order.</summary>
internal sealed class TimelineEndpoint(Database database, TimelineQueries timelineQueries)
{
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
            return FileResponse.Create(context, version.Token, query.Format,
                new("timeline", TableColumn.FromType(typeof(TimelineItem)),
                    (consume, cancel) => timelineQueries.ReadAll(query, consume, cancel)));
        if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
            return notModified;
        var (page, pageVersion) = await timelineQueries.ReadPage(query, context.RequestAborted);
        return ReadResponse.FromJson(pageVersion.Token, page) with
        {
            NextPageUrl = QueryValues.WithCursor(context.Request, page.Next),
        };
    }
}
