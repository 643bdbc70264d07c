using CooperationApi.Bench.Generated;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>
/// The requests to the generated store. The service caches whole responses by URL and clears the cache when it exceeds 32 MB. The responses
/// of one pass over the addresses exceed that size, so no address is in the cache when it is requested again.
/// </summary>
internal static class GeneratedRoutes
{
    /// <summary>The number of records of which the meetings alone are about twice the size of the cache.</summary>
    public const int MinRecords = 100_000;

    // Pages of 50 that begin at every tenth row, about 40 KB each: together about twice the size of the cache.
    private const int PageSize = 50, PageStep = 10, PageCount = 2000;
    private const int MaxItems = 50_000;
    private const int ItemReads = 5000;
    private const int ExpressionCount = 200, ExpressionSeed = 1;

    private static readonly string[] Types = ["meetings", "commitments", "results", "officials"];
    private static readonly string[] OrderedLists =
        ["meetings?sort=title", "commitments?sort=-dueOn", "commitments?status=Done", "results?sort=-amount"];

    private static readonly string[] SortOrders = ["heldOn", "-heldOn", "title", "-title"];
    private static readonly string[] Statuses = ["Done", "InProgress", "Agreed", "Dropped"];

    // Words that occur in nearly all records, in many, and in some.
    private static readonly string[] CommonWords =
        ["hội nghị", "hợp", "phát triển", "đào tạo", "noi dung phoi hop", "ha noi", "du lịch thể thao", "t"];
    private static readonly string[] Phrases = ["\"phát triển công nghiệp\"", "\"an sinh xã hội\"", "\"trao đổi về\"", "\"thoi gian toi\""];

    // Different limits make different addresses; the average is 50 rows.
    private static readonly IEnumerable<int> PageSizes = Enumerable.Range(25, 51);

    /// <summary>Returns the routes to compare with the bare handler.</summary>
    public static async Task<IReadOnlyList<Route>> CreateUncached(Server server, GeneratedStore store, CancellationToken cancel)
    {
        var cursors = await ListPager.GetCursors(server, "/v1/meetings", PageStep, PageCount, cancel);
        return
        [
            new("uncached item", SelectMeetingAddresses(store, MaxItems)),
            new("uncached page of 50", [.. cursors.Select(cursor => $"/v1/meetings?limit={PageSize}&cursor={cursor}")]),
        ];
    }

    /// <summary>Measures items, lists and search with a single caller.</summary>
    public static async Task<IReadOnlyList<SingleCallerLatency>> MeasureSingleCaller(Server server, GeneratedStore store,
        CancellationToken cancel)
    {
        var provinces = (await ListPager.GetProvinces(server, cancel)).Select(province => province.Id).ToList();
        var lastPages = new List<string>();
        foreach (var type in Types)
        {
            var rows = await ListPager.GetCount(server, $"/v1/{type}", cancel);
            var cursor = await ListPager.GetCursorAfterRow(server, $"/v1/{type}", rows - PageSizes.Last(), cancel);
            lastPages.AddRange(PageSizes.Select(limit => $"/v1/{type}?limit={limit}&cursor={cursor}"));
        }
        return
        [
            await Measure("item by id", SelectMeetingAddresses(store, ItemReads)),
            await Measure("first page, four lists", Types.SelectMany(type => PageSizes.Select(limit => $"/v1/{type}?limit={limit}"))),
            await Measure("last page, four lists", lastPages),
            await Measure("first page by title, by date, by status",
                PageSizes.SelectMany(limit => OrderedLists.Select(list => $"/v1/{list}&limit={limit}"))),
            await Measure("meetings of a province, four sort orders", provinces.SelectMany(province =>
                SortOrders.Select(sort => $"/v1/meetings?provinceId={province}&sort={sort}&limit={PageSize}"))),
            await Measure("commitments of a province with a status", provinces.SelectMany(province =>
                Statuses.Select(status => $"/v1/commitments?provinceId={province}&status={status}&limit={PageSize}"))),
            await Measure("meetings of a month", Enumerable.Range(2009, 17).SelectMany(year => Enumerable.Range(1, 12)
                .Select(month => $"/v1/meetings?from={year}-{month:00}&to={year}-{month:00}&limit={PageSize}"))),
            await Measure("search, most common words",
                PageSizes.SelectMany(limit => CommonWords.Select(words => BuildSearchAddress(words, $"limit={limit}")))),
            await Measure("search, most common words and a province", provinces.SelectMany(province =>
                CommonWords.Select(words => BuildSearchAddress(words, $"provinceId={province}")))),
            await Measure("search, most common words, one type, two years", Enumerable.Range(2008, 17).SelectMany(year =>
                CommonWords.Select(words => BuildSearchAddress(words, $"types=meetings&from={year}&to={year + 1}")))),
            await Measure("search, most common words, from a date", Enumerable.Range(2008, 17).SelectMany(year =>
                CommonWords.Select(words => BuildSearchAddress(words, $"from={year}-03-05")))),
            await Measure("search, most common words, up to a date, one pillar", Enumerable.Range(2008, 17).SelectMany(year =>
                CommonWords.Select(words => BuildSearchAddress(words, $"to={year}-03-05&pillar=SocioEconomic")))),
            await Measure("search, names of people", store.OfficialNames.Select(name => BuildSearchAddress(name, "limit=20"))),
            await Measure("search, phrases",
                provinces.SelectMany(
                    province => Phrases.Select(phrase => BuildSearchAddress(phrase, $"types=meetings&provinceId={province}")))),
            await Measure("search, 200 expressions of words, names and phrases", CreateExpressions(store.OfficialNames)
                .Select(expression => BuildSearchAddress(expression, $"limit={PageSize}"))),
            await Measure("suggestions, letter by letter", store.OfficialNames.Take(60).SelectMany(name =>
                Enumerable.Range(1, name.Length).Select(length => BuildSearchAddress(name[..length], $"suggest=true&limit={10 + length}"))
                    .Where(address => !address.Contains("q=&", StringComparison.Ordinal)))),
        ];

        static string BuildSearchAddress(string words, string otherParameters) =>
            $"/v1/search?q={Uri.EscapeDataString(words.Trim())}&{otherParameters}";

        Task<SingleCallerLatency> Measure(string name, IEnumerable<string> addresses) =>
            SingleCallerLatency.Measure(name, server, [.. addresses], cancel);
    }

    /// <summary>Downloads four full lists in each file format, after one small file of each format as warm-up.</summary>
    public static async Task<IReadOnlyList<DownloadMeasurement>> MeasureDownloads(Server server, CancellationToken cancel)
    {
        string[] lists = [.. Types.Select(type => $"/v1/{type}")];
        foreach (var format in new[] { "ndjson", "csv", "xlsx" })
            await DownloadMeasurement.Measure("", server, ["/v1/provinces"], format, cancel);
        return
        [
            await DownloadMeasurement.Measure("NDJSON", server, lists, "ndjson", cancel),
            await DownloadMeasurement.Measure("CSV", server, lists, "csv", cancel),
            await DownloadMeasurement.Measure("XLSX", server, lists, "xlsx", cancel),
        ];
    }

    /// <summary>Returns search expressions with one to four parts. The same names give the same expressions.</summary>
    private static IEnumerable<string> CreateExpressions(IReadOnlyList<string> names)
    {
        var random = new Random(ExpressionSeed);
        string[] topics = [.. Topics.Fields, .. Topics.Actions, .. Topics.Deliveries, .. Topics.Posts];
        for (var i = 0; i < ExpressionCount; i++)
        {
            yield return string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
            {
                var words = topics[random.Next(topics.Length)].Split(' ');
                var first = random.Next(words.Length);
                return random.Next(4) switch
                {
                    0 => $"\"{string.Join(' ', words.Skip(first).Take(3))}\"",
                    1 => names[random.Next(names.Count)].Split(' ')[^1],
                    _ => words[first],
                };
            }));
        }
    }

    /// <summary>Returns the addresses of about this number of meetings, evenly spread over the store.</summary>
    private static string[] SelectMeetingAddresses(GeneratedStore store, int maxCount)
    {
        var step = Math.Max(1, store.MeetingIds.Count / maxCount);
        return [.. store.MeetingIds.Where((_, i) => i % step == 0).Select(id => $"/v1/meetings/{id}")];
    }
}
