using System.Data.Common;
using System.Globalization;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Features.Statistics;

/// <summary>The routes `/v1/statistics/{name}`, one per report.</summary>
internal sealed class StatisticsEndpoints(Database database, TimeProvider time, ResourceCatalog catalog)
{
    /// <summary>The reports. A new report is added here.</summary>
    public IReadOnlyList<StatisticsReport> Reports { get; } =
    [
        new ContributionReport(catalog["results"]),
        new CommitmentReport(catalog["commitments"]),
        new ResultReport(catalog["results"]),
        new MeetingReport(catalog["meetings"]),
        new AgreementReport(catalog["agreements"]),
        new CoverageReport(catalog),
        new TraceabilityReport(catalog["commitments"], catalog["results"]),
    ];

    /// <summary>Returns a report, whose ETag also has the date if the report depends on it.</summary>
    public async Task<ReadResponse> GetStatistics(HttpContext context, StatisticsReport report)
    {
        var today = time.GetToday();
        var etag = BuildETag(database.Version);
        var query = StatisticsQuery.Parse(context.Request, report, today);
        if (ReadResponse.NotModifiedIfMatches(context.Request, etag) is { } notModified)
            return notModified;
        return await database.Read(async connection =>
        {
            var statistics = await Read(connection, report, query);
            return ReadResponse.FromJson(BuildETag(await Database.ReadVersion(connection)), statistics);
        }, context.RequestAborted);

        string BuildETag(StoreVersion version) => report.DependsOnToday ? $"{version.Token}-{FormatDay(today)}" : version.Token;
    }

    /// <summary>Computes a report in the transaction of the connection.</summary>
    public static async Task<object> Read(DbConnection connection, StatisticsReport report, StatisticsQuery query)
    {
        await RecordQueries.EnsureRequiredRecordsExist(connection, query.Filters);
        return await report.Compute(connection, query, (await Database.ReadVersion(connection)).Revision);
    }

    /// <summary>The key of the responses of reports that depend on the date: the store version and the date.</summary>
    public string DailyVersionToken => $"{database.Version.Token}-{FormatDay(time.GetToday())}";

    private static string FormatDay(DateOnly date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
