using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Timeline;

/// <summary>`/v1/timeline`: what happened, one thing after another.</summary>
internal sealed class TimelineEndpoint(Database database, TimelineStore store, ResourceStore records, Answers answers)
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var timeline = v1.ServiceProvider.GetRequiredService<TimelineEndpoint>();
        v1.MapRead("timeline", timeline.Read, () => Operation);
    }

    private static Operation Operation => new("listTimeline", "timeline", "Lists what happened.",
        "Meetings held, agreements adopted, results delivered, contributions given, and changes of the provinces with their legal basis, in one order, a page at a "
        + "time. A date known to the month or the year stands where that begins, a result where its period does. What has no year has no place in time: `undated` "
        + "says how many such records there are.")
    {
        Answer = typeof(TimelinePage),
        Example = ("TimelinePage", () => JsonSerializer.SerializeToNode(Example, Wire.Json)),
        Parameters = TimelineQuery.Parameters,
        IsPage = true,
        IsFile = true,
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
                Title = "Nội dung hợp tác giữa Hà Nội và Thái Bình trong thời gian tới về xây dựng Đảng, xây dựng hệ thống chính trị và phát triển kinh tế - xã hội",
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

    private Task Read(HttpContext context)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, async () =>
        {
            var query = TimelineQuery.Read(context.Request);
            if (query.Format == Format.Json && Answers.Known(context.Request, mark.Text) is { } unchanged)
                return unchanged;
            await records.CheckNamed(query.Province is null ? [] : [query.Province], context.RequestAborted);
            if (query.Format != Format.Json)
                return Download.Of(context, mark.Text, query.Format, new("timeline", Column.Of(typeof(TimelineItem)), (use, cancel) => store.ReadAll(query, use, cancel)));
            var (page, seen) = await store.Read(query, context.RequestAborted);
            return new Answer(seen.Text, IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(page, Wire.Json))
            {
                NextPage = page.Next is null ? null : StrictQuery.WithCursor(context.Request, page.Next),
            };
        }, Format.MediaTypes);
    }
}
