using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>
/// Measures every filter of the OpenAPI document with every sort order, on the lists of generated records. Per list: the first page and the
/// page after a deep row, or the last page of a shorter list. Pages have 50 rows, the default limit. A cursor is a position in an index, so
/// the depth matters little, and more pages before it would take hours for all pairs of filters and sort orders.
/// </summary>
internal static class GeneratedFilters
{
    private const int PageSize = 50, MaxPageSize = 200;

    // Parameters that are not filters. `sort` is combined with every filter; `id` and `at` are left out.
    private static readonly string[] IgnoredParameters =
        ["limit", "cursor", "total", "fields", "expand", "format", "profile", "sort", "id", "at"];

    private static readonly string[] Lists = ["officials", "meetings", "agreements", "commitments", "results"];

    /// <summary>Returns two latencies per list: of the first pages and of the pages after a row.</summary>
    public static async Task<IReadOnlyList<SingleCallerLatency>> MeasureSingleCaller(Server server, CancellationToken cancel,
        int deepRow = 20_000)
    {
        var document = (await server.Client.GetFromJsonAsync<JsonNode>(new Uri(server.Address, "/v1/openapi.json"), cancel))!;
        var latencies = new List<SingleCallerLatency>();
        foreach (var list in Lists)
        {
            var parameters = document["paths"]![$"/v1/{list}"]!["get"]!["parameters"]!.AsArray()
                .Select(parameter => ResolveReference(document, parameter!))
                .Where(parameter => (string?)parameter["in"] == "query").ToList();
            var sorts = ResolveReference(document, parameters.Single(parameter => (string?)parameter["name"] == "sort")["schema"]!)["enum"]!
                .AsArray().Select(value => (string)value!).ToList();
            // The record with the most values, since some members are not in every record.
            var example = (await server.Client.GetFromJsonAsync<JsonNode>(new Uri(server.Address, $"/v1/{list}?sort=-id&limit=50"),
                cancel))!["items"]!.AsArray()
                .MaxBy(record => record!.AsObject().Count(member => member.Value is not JsonArray { Count: 0 }))!;
            var (first, deep) = (new List<string>(), new List<string>());
            foreach (var filter in parameters.Where(parameter => !IgnoredParameters.Contains((string)parameter["name"]!))
                .SelectMany(parameter => BuildFilters(document, parameter, example)).Prepend(""))
            {
                foreach (var sort in sorts)
                {
                    var address = $"/v1/{list}?sort={sort}{(filter == "" ? "" : "&" + filter)}";
                    first.Add($"{address}&limit={PageSize}");
                    if (await FindDeepCursor(server, address, deepRow, cancel) is { } cursor)
                        deep.Add($"{address}&limit={PageSize}&cursor={cursor}");
                }
            }
            latencies.Add(
                await SingleCallerLatency.Measure($"{list}, any filter and sort order, first page", server, first, cancel, warmUps: 0));
            latencies.Add(
                await SingleCallerLatency.Measure($"{list}, any filter and sort order, after row {deepRow:N0}", server, deep, cancel,
                    warmUps: 0));
        }
        return latencies;
    }

    /// <summary>
    /// Returns the filter with the document's example, which matches the seed data, and with all enum values or a value of a generated
    /// record.
    /// </summary>
    private static IEnumerable<string> BuildFilters(JsonNode document, JsonNode parameter, JsonNode example)
    {
        var (name, schema) = ((string)parameter["name"]!, ResolveReference(document, parameter["schema"]!));
        var values = new List<string> { FormatExample(parameter["example"]!) };
        if ((string?)schema["type"] == "boolean")
            values.Add("false");
        else if (schema["items"] is { } items && ResolveReference(document, items)["enum"] is JsonArray enumValues)
            values.AddRange(enumValues.Select(enumValue => (string)enumValue!));
        else if (name == "betweenProvinces" && example["provinceIds"] is JsonArray { Count: > 1 } provinceIds)
            values.Add($"{provinceIds[0]},{provinceIds[1]}");
        else if ((FindValue(example, name) ?? FindPartyId(example, name)) is { } exampleValue)
            values.Add(exampleValue);
        return values.Distinct().Select(value => $"{name}={Uri.EscapeDataString(value)}");
    }

    /// <summary>Finds a member by its name, or its plural, at any depth of a record; null if there is none.</summary>
    private static string? FindValue(JsonNode node, string name) => node switch
    {
        JsonObject record => record[name] is JsonValue value ? value.ToString()
            : record[name + "s"] is JsonArray { Count: > 0 } list ? list[0]!.ToString()
            : record.Select(member => member.Value is null ? null : FindValue(member.Value, name))
                .FirstOrDefault(found => found is not null),
        JsonArray array => array.Select(element => FindValue(element!, name)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>Finds the id of a party: for `voicedById`, the first id in `voicedBy`; null if there is none.</summary>
    private static string? FindPartyId(JsonNode record, string name) =>
        name.EndsWith("Id", StringComparison.Ordinal) && record[name[..^2]] is JsonArray { Count: > 0 } parties
        && parties[0] is JsonObject party
            ? party.First().Value!.ToString()
            : null;

    private static string FormatExample(JsonNode example) =>
        example is JsonArray values ? string.Join(',', values.Select(value => value!.ToString())) : example.ToString();

    /// <summary>Returns the target of a `$ref`, also of one in `allOf` beside a default; otherwise the node itself.</summary>
    private static JsonNode ResolveReference(JsonNode document, JsonNode node) =>
        (string?)(node["allOf"]?[0] ?? node)["$ref"] is { } reference
        ? reference[2..].Split('/').Aggregate(document, (parent, name) => parent[name]!)
        : node;

    /// <summary>
    /// Returns the cursor after a row, or before the last page of a shorter list; null if the list has only one page.
    /// </summary>
    private static async Task<string?> FindDeepCursor(Server server, string address, int deepRow, CancellationToken cancel)
    {
        string? cursor = null;
        for (var rows = 0; rows < deepRow; rows += MaxPageSize)
        {
            var page = await server.Client.GetFromJsonAsync<JsonNode>(
                new Uri(server.Address, $"{address}&limit={MaxPageSize}&fields=id{(cursor is null ? "" : "&cursor=" + cursor)}"), cancel);
            if ((string?)page!["next"] is not { } next)
                break;
            cursor = next;
        }
        return cursor;
    }
}
