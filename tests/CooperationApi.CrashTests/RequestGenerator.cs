using System.Text.Json.Nodes;

namespace CooperationApi.CrashTests;

/// <summary>
/// Creates GET requests from the service's OpenAPI document. An operation that waits, streams events, requires a role or reads files is
/// left out.
/// </summary>
internal sealed class RequestGenerator(JsonNode document, IReadOnlyDictionary<string, IReadOnlyList<string>> idsByType, Random random)
{
    private static readonly string[] ExcludedSegments = ["keys", "exports", "live"];

    // A cursor of one list is rejected by the others, and `wait` waits for a change.
    private static readonly string[] ExcludedParameters = ["cursor", "wait"];

    private static readonly string[] SearchTexts =
        ["hợp tác", "tỉnh", "a", "hội nghị hợp tác số 1 giữa các tỉnh thành phố", "to chuc so", "ha noi thai binh hung yen"];

    private readonly IReadOnlyList<(string Path, IReadOnlyList<JsonNode> Parameters)> operations =
    [
        .. from path in document["paths"]!.AsObject()
           where path.Value!["get"] is not null && !path.Key.Split('/').Intersect(ExcludedSegments).Any()
           select (path.Key, (IReadOnlyList<JsonNode>)[.. ReadParameters(document, path.Value).Where(parameter =>
               (string?)parameter["in"] == "query" && !ExcludedParameters.Contains((string?)parameter["name"]))]),
    ];

    /// <summary>Returns each operation with each value of each parameter, alone.</summary>
    public IEnumerable<string> EachParameter() =>
        from operation in operations
        let required = operation.Parameters.Where(IsRequired).ToList()
        from id in GetIds(operation.Path).Take(1)
        from parameter in operation.Parameters.DefaultIfEmpty()
        from value in parameter is null ? [""] : GetValues(parameter)
        select CreateAddress(operation.Path, id, required.Where(other => other != parameter).Select(other => (other, GetValues(other)[0]))
            .Concat(parameter is null ? [] : [(parameter, value)]));

    /// <summary>Returns random combinations without end.</summary>
    public IEnumerable<string> RandomCombinations()
    {
        while (true)
        {
            var (path, parameters) = operations[random.Next(operations.Count)];
            var ids = GetIds(path);
            var share = random.NextDouble();
            var chosen = parameters.Where(parameter => IsRequired(parameter) || random.NextDouble() < share)
                .Select(parameter => (parameter, GetValues(parameter) is var values ? values[random.Next(values.Count)] : "")).ToList();
            yield return CreateAddress(path, ids[random.Next(ids.Count)], chosen);
        }
    }

    private static bool IsRequired(JsonNode parameter) => (bool?)parameter["required"] == true;

    private static IEnumerable<JsonNode> ReadParameters(JsonNode document, JsonNode path) =>
        (path["parameters"]?.AsArray() ?? []).Concat(path["get"]!["parameters"]?.AsArray() ?? [])
            .Select(parameter => Resolve(document, parameter!));

    private static JsonNode Resolve(JsonNode document, JsonNode node) => (string?)node["$ref"] is { } reference
        ? reference[2..].Split('/').Aggregate(document, (parent, name) => parent[name]!)
        : node;

    private IReadOnlyList<string> GetIds(string path) =>
        path.Contains("{id}", StringComparison.Ordinal) ? idsByType[path.Split('/')[2]] : [""];

    private IReadOnlyList<string> GetValues(JsonNode parameter)
    {
        var (name, schema) = ((string)parameter["name"]!, Resolve(document, parameter["schema"]!));
        if (name == "q")
            return SearchTexts;
        if ((string?)schema["type"] == "boolean")
            return ["true", "false"];
        if ((string?)schema["type"] == "integer")
            return [$"{schema["maximum"] ?? parameter["example"]}"];
        var allowed = (Resolve(document, schema["items"] ?? schema)["enum"]?.AsArray() ?? []).Select(value => (string)value!).ToList();
        if (allowed.Count == 0)
            return [parameter["example"] is JsonArray examples ? string.Join(',', examples) : $"{parameter["example"]}"];
        // In a list: each value, all of them, and three random pairs.
        return (string?)schema["type"] != "array" || allowed.Count == 1 ? allowed
            : [
                .. allowed, string.Join(',', allowed),
                .. Enumerable.Range(0, 3).Select(_ => string.Join(',', random.GetItems([.. allowed], 2).Distinct())),
            ];
    }

    private static string CreateAddress(string path, string id, IEnumerable<(JsonNode Parameter, string Value)> parameters)
    {
        var query = string.Join('&',
            parameters.Select(parameter => $"{parameter.Parameter["name"]}={Uri.EscapeDataString(parameter.Value)}"));
        return path.Replace("{id}", id, StringComparison.Ordinal) + (query.Length == 0 ? "" : "?" + query);
    }
}
