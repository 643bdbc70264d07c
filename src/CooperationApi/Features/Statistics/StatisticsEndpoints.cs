using System.Globalization;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Features.Statistics;

/// <summary>The routes `/v1/statistics/{name}`, one per report.</summary>
internal sealed class StatisticsEndpoints(
    Database database, TimeProvider time, ResourceCatalog catalog, ResponseCache responseCache, RequestTimeout requestTimeout)
{
    // Reports that depend on the date have their own cache: a cache holds the responses of one ETag, and these reports have another one.
    private readonly ResponseCache dailyResponseCache = new(requestTimeout);

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<StatisticsEndpoints>();
        foreach (var report in endpoints.CreateReports())
            v1.MapGetAndHead($"statistics/{report.Name}", context => endpoints.GetStatistics(context, report), () => report.Operation);
    }

    // A new report is added here.
    private IEnumerable<StatisticsReport> CreateReports() =>
    [
        new ContributionReport(catalog["results"]),
        new CommitmentReport(catalog["commitments"]),
        new MeetingReport(catalog["meetings"]),
        new CoverageReport(catalog),
    ];

    private Task GetStatistics(HttpContext context, StatisticsReport report)
    {
        var today = time.GetToday();
        var version = database.Version;
        return (report.DependsOnToday ? dailyResponseCache : responseCache).Respond(context, BuildETag(version), async () =>
        {
            var query = StatisticsQuery.Parse(context.Request, report, today);
            if (ResponseCache.NotModifiedIfMatches(context.Request, BuildETag(version)) is { } notModified)
                return notModified;
            return await database.Read(async connection =>
            {
                await RecordQueries.EnsureRequiredRecordsExist(connection, query.Filters);
                var readVersion = await Database.ReadVersion(connection);
                var statistics = await report.Compute(connection, query, readVersion.Revision);
                return new ReadResponse(BuildETag(readVersion), IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(statistics, statistics.GetType(), ApiJson.Options));
            }, context.RequestAborted);
        });

        string BuildETag(StoreVersion storeVersion) => report.DependsOnToday ? $"{storeVersion.Token}-{today.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}" : storeVersion.Token;
    }
}
