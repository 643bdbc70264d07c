using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>Timelines, relations and figures of the generated store, as one caller asks for them.</summary>
internal static class GeneratedStatistics
{
    private static readonly string[] Units = ["own", "current"];
    private static readonly string[] Orders = ["on", "-on"];

    private static readonly string[] StatisticsQueries =
    [
        "contributions?by=year,currency", "contributions?by=giver,receiver", "contributions?by=group",
        "commitments?by=status", "commitments?by=pillar,group", "meetings?by=year", "meetings?by=pair", "coverage?",
    ];

    /// <summary>What is measured.</summary>
    public static async Task<IReadOnlyList<SingleCallerLatency>> MeasureSingleCaller(Server server, CancellationToken cancel)
    {
        var provinces = (await ListPager.GetProvinces(server, cancel)).Select(province => province.Id).ToList();
        var measured = new List<SingleCallerLatency>
        {
            await Measure("timeline of a province, two orders, two units", provinces.SelectMany(province =>
                Units.SelectMany(unit => Orders.Select(order => $"/v1/timeline?provinceId={province}&unit={unit}&sort={order}")))),
            await Measure("timeline of the country from a month on", Enumerable.Range(2009, 17).SelectMany(year =>
                Enumerable.Range(1, 12).Select(month => $"/v1/timeline?from={year}-{month:00}"))),
            await Measure("timeline of a province from a month on, counted", Enumerable.Range(2009, 17).SelectMany(year =>
                Enumerable.Range(1, 12).Select(month => $"/v1/timeline?provinceId={provinces[(year + month) % provinces.Count]}&from={year}-{month:00}&total=true"))),
            await Measure("relations of a province, two units", provinces.SelectMany(province => Units.Select(unit => $"/v1/provinces/{province}/relations?unit={unit}"))),
        };
        // An address that was asked for already has its answer in the cache: each spelling of it is another.
        foreach (var query in StatisticsQueries)
            measured.Add(await Measure(query.TrimEnd('?'), Enumerable.Range(0, 60).Select(i => $"/v1/statistics/{query}{new string('&', i)}")));
        return measured;

        Task<SingleCallerLatency> Measure(string name, IEnumerable<string> addresses) => Loads.SingleCallerLatency.Measure(name, server, [.. addresses], cancel);
    }
}
