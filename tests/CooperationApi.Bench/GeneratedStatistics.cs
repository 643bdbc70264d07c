using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>Measures timelines, relations and statistics of the generated store with a single caller.</summary>
internal static class GeneratedStatistics
{
    private static readonly string[] Units = ["own", "current"];
    private static readonly string[] Orders = ["on", "-on"];

    private static readonly string[] StatisticsQueries =
    [
        "contributions?by=year,currency", "contributions?by=giver,receiver", "contributions?by=group",
        "commitments?by=status", "commitments?by=pillar,group", "meetings?by=year", "meetings?by=pair", "coverage?",
        "results?by=kind", "results?by=year,giver", "agreements?by=year", "traceability?", "traceability?provinceId=ha-noi",
    ];

    public static async Task<IReadOnlyList<SingleCallerLatency>> MeasureSingleCaller(Server server, CancellationToken cancel)
    {
        var provinces = (await ListPager.GetProvinces(server, cancel)).Select(province => province.Id).ToList();
        var latencies = new List<SingleCallerLatency>
        {
            await Measure("timeline of a province, two sort orders, two units", provinces.SelectMany(province =>
                Units.SelectMany(unit => Orders.Select(order => $"/v1/timeline?provinceId={province}&unit={unit}&sort={order}")))),
            await Measure("timeline of the country from a month", Enumerable.Range(2009, 17).SelectMany(year =>
                Enumerable.Range(1, 12).Select(month => $"/v1/timeline?from={year}-{month:00}"))),
            await Measure("timeline of a province from a month, with total", Enumerable.Range(2009, 17).SelectMany(year =>
                Enumerable.Range(1, 12)
                    .Select(month =>
                        $"/v1/timeline?provinceId={provinces[(year + month) % provinces.Count]}&from={year}-{month:00}&total=true"))),
            await Measure("relations of a province, two units",
                provinces.SelectMany(province => Units.Select(unit => $"/v1/provinces/{province}/relations?unit={unit}"))),
        };
        // The cache key is the address as sent: trailing '&' characters make different addresses of the same query.
        foreach (var query in StatisticsQueries)
            latencies.Add(
                await Measure(query.TrimEnd('?'), Enumerable.Range(0, 60).Select(i => $"/v1/statistics/{query}{new string('&', i)}")));
        return latencies;

        Task<SingleCallerLatency> Measure(string name, IEnumerable<string> addresses) =>
            SingleCallerLatency.Measure(name, server, [.. addresses], cancel);
    }
}
