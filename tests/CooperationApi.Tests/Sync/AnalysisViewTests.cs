using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Sync;

/// <summary>Tests of the views for analysts: the queries of `docs/integrators.md` give the figures of the service.</summary>
public sealed partial class AnalysisViewTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Documented_queries_of_a_copy_give_the_figures_of_the_service(bool fromExport)
    {
        var queries = SqlBlock().Matches(RepositoryFiles.ReadText("docs/integrators.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, queries.Count);
        await using var service = await AuthenticatedService.Start(("Exports:Enabled", fromExport ? "true" : "false"));
        await using var copy = await CreateCopy(service, fromExport);
        Assert.Equal(
            (await GetItems(service, "/v1/statistics/contributions?provinceId=thai-binh")).Where(row => row["amount"] is not null)
                .Select(row => ((long)row["year"]!, (string)row["currency"]!, (long)row["amount"]!, (long)row["count"]!)),
            copy.Query<(long, string, long, long)>(queries[0]));
        var coverage = await GetItems(service, "/v1/statistics/coverage");
        Assert.Equal(
            coverage.SelectMany(row => Enum.GetNames<CitationBasis>().Order(StringComparer.Ordinal)
                .Select(basis => ((string)row["type"]!, basis, (long)row[basis.ToLowerInvariant()]!["count"]!)))
                .Where(row => row.Item3 > 0).Order(),
            copy.Query<(string, string, long)>(queries[1]).Order());
        var meetingCounts = copy.Query<(string Id, long Meetings)>(queries[2]).ToList();
        Assert.NotEmpty(meetingCounts);
        foreach (var (id, meetings) in meetingCounts)
            Assert.Equal(meetings, (await GetItems(service, $"/v1/meetings?officialId={id}&limit=200")).Count);
    }

    [Fact]
    public async Task Counted_contributions_of_the_view_are_those_of_the_statistics()
    {
        await using var service = await AuthenticatedService.Start();
        await using var copy = await CreateCopy(service, hasExport: false);
        Assert.Equal((await GetItems(service, "/v1/statistics/contributions?by=year")).SelectMany(row => row["ids"]!.AsArray()
                .Select(id => ((string)id!, (long?)row["year"]))).Distinct().Order(),
            copy.Query<(string, long?)>("SELECT result_id, year FROM contribution WHERE is_counted").Order());
    }

    [Fact]
    public async Task Every_type_with_citations_is_in_the_view_of_citations()
    {
        await using var service = await AuthenticatedService.Start();
        Assert.Equal(
            service.GetService<CooperationApi.Resources.ResourceCatalog>().All
                .Where(resource => resource.RecordType.IsSubclassOf(typeof(CitedRecord)))
                .Select(resource => resource.Type.Replace('-', '_')).Order(StringComparer.Ordinal),
            AnalysisViews.CitedTables.Order(StringComparer.Ordinal));
    }

    /// <summary>Creates a copy from the latest export or, without one, from the feed.</summary>
    private static async Task<SqliteConnection> CreateCopy(AuthenticatedService service, bool hasExport)
    {
        if (hasExport)
            await service.WaitForLatestExport();
        var path = service.GetPath("copy.db");
        Assert.Equal(0, (await SyncProcess.Run(["--from", service.Address.ToString(), "--to", path])).ExitCode);
        return new($"Data Source={path};Mode=ReadOnly;Pooling=false");
    }

    private static async Task<List<JsonNode>> GetItems(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        return JsonNode.Parse(await response.ReadText())!.GetItems();
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();
}
