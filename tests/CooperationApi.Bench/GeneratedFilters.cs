using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench;

/// <summary>
/// Every filter that the document has, with every order, over the lists of generated records: their first page, and the one behind row 200,000, where the
/// 10,000th page of 20 ends, or their last if they have fewer rows. Pages have 50 rows, as they have when no number is asked for.
/// </summary>
internal static class GeneratedFilters
{
    private const int Page = 50, DeepestRow = 200_000, LargestPage = 200;

    // What isn't about which rows come in which order.
    private static readonly string[] Others = ["limit", "cursor", "total", "fields", "expand", "format", "profile", "sort", "id", "at"];

    private static readonly string[] Lists = ["officials", "meetings", "commitments", "results"];

    /// <summary>What one caller waits for a list's pages, by list.</summary>
    public static async Task<IReadOnlyList<Alone>> Alone(Server server, CancellationToken cancel)
    {
        var document = (await server.Client.GetFromJsonAsync<JsonNode>(new Uri(server.Address, "/v1/openapi.json"), cancel))!;
        var measured = new List<Alone>();
        foreach (var list in Lists)
        {
            var parameters = document["paths"]![$"/v1/{list}"]!["get"]!["parameters"]!.AsArray().Select(parameter => Resolved(document, parameter!))
                .Where(parameter => (string?)parameter["in"] == "query").ToList();
            var sorts = parameters.Single(parameter => (string?)parameter["name"] == "sort")["schema"]!["enum"]!.AsArray().Select(word => (string)word!).ToList();
            var example = (await server.Client.GetFromJsonAsync<JsonNode>(new Uri(server.Address, $"/v1/{list}?sort=-id&limit=1"), cancel))!["items"]![0]!;
            var (first, deep) = (new List<string>(), new List<string>());
            foreach (var filter in parameters.Where(parameter => !Others.Contains((string)parameter["name"]!)).SelectMany(parameter => Values(parameter, example)).Prepend(""))
            {
                foreach (var sort in sorts)
                {
                    var address = $"/v1/{list}?sort={sort}{(filter == "" ? "" : "&" + filter)}";
                    first.Add($"{address}&limit={Page}");
                    if (await Deep(server, address, cancel) is { } cursor)
                        deep.Add($"{address}&limit={Page}&cursor={cursor}");
                }
            }
            measured.Add(await Loads.Alone.Measure($"{list}, any filter and order, first page", server, first, cancel, warmUps: 0));
            measured.Add(await Loads.Alone.Measure($"{list}, any filter and order, behind row 200,000", server, deep, cancel, warmUps: 0));
        }
        return measured;
    }

    /// <summary>The filter with the document's example and, as that is of the founding content, with what a generated record has.</summary>
    private static IEnumerable<string> Values(JsonNode parameter, JsonNode example)
    {
        var (name, schema) = ((string)parameter["name"]!, parameter["schema"]!);
        var values = new List<string> { Text(parameter["example"]!) };
        if (schema["items"]?["enum"] is JsonArray words)
            values.AddRange(words.Select(word => (string)word!));
        else if (Among(example, name) is { } own)
            values.Add(own);
        return values.Distinct().Select(value => $"{name}={Uri.EscapeDataString(value)}");
    }

    /// <summary>What a record has in a member of this name, wherever it is.</summary>
    private static string? Among(JsonNode node, string name) => node switch
    {
        JsonObject record => record[name] is JsonValue value ? value.ToString()
            : record[name + "s"] is JsonArray { Count: > 0 } list ? list[0]!.ToString()
            : record.Select(member => member.Value is null ? null : Among(member.Value, name)).FirstOrDefault(found => found is not null),
        JsonArray array => array.Select(element => Among(element!, name)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static string Text(JsonNode example) => example is JsonArray values ? string.Join(',', values.Select(value => value!.ToString())) : example.ToString();

    private static JsonNode Resolved(JsonNode document, JsonNode parameter) =>
        (string?)parameter["$ref"] is { } reference ? document["components"]!["parameters"]![reference.Split('/')[^1]]! : parameter;

    /// <summary>The cursor behind row 200,000, or before the last page; null if there is but one.</summary>
    private static async Task<string?> Deep(Server server, string address, CancellationToken cancel)
    {
        string? cursor = null;
        for (var rows = 0; rows < DeepestRow; rows += LargestPage)
        {
            var page = await server.Client.GetFromJsonAsync<JsonNode>(
                new Uri(server.Address, $"{address}&limit={LargestPage}&fields=id{(cursor is null ? "" : "&cursor=" + cursor)}"), cancel);
            if ((string?)page!["next"] is not { } next)
                break;
            cursor = next;
        }
        return cursor;
    }
}
