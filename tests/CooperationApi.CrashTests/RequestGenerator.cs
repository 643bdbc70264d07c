using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.CrashTests;

/// <summary>
/// Creates GET requests from the service's OpenAPI document. An operation that waits, streams events, requires a role or reads files is
/// left out.
/// </summary>
internal sealed partial class RequestGenerator(JsonNode document, IReadOnlyDictionary<string, IReadOnlyList<string>> idsByType,
    long headRevision, Random random)
{
    private const string RecordId = "{recordId}";

    // The limits of `expand`. A step is one or two names: `meeting`, `participants.official`.
    private const int MaxSteps = 3, MaxPaths = 10;

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

    // The first steps of `expand` per resource. The document lists them in the first sentence of the description.
    private readonly Dictionary<string, List<string>> stepsByType =
        (from path in document["paths"]!.AsObject()
         where path.Value!["get"] is not null
         from parameter in ReadParameters(document, path.Value)
         where (string?)parameter["name"] == "expand"
         let steps = CodeSpan().Matches(((string)parameter["description"]!).Split(" A path ")[0]).Select(match => match.Groups[1].Value)
         group steps by GetType(path.Key))
        .ToDictionary(steps => steps.Key, steps => steps.First().ToList());

    /// <summary>Returns each operation with each value of each parameter, alone, for two ids.</summary>
    public IEnumerable<string> EachParameter() =>
        from operation in operations
        let required = operation.Parameters.Where(IsRequired).ToList()
        from id in GetIds(operation.Path).Take(2)
        from parameter in operation.Parameters.DefaultIfEmpty()
        from value in parameter is null ? [""] : GetValues(operation.Path, parameter)
        select CreateAddress(operation.Path, id,
            required.Where(other => other != parameter).Select(other => (other, GetValues(operation.Path, other)[0]))
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
                .Select(parameter => (parameter, random.GetItems([.. GetValues(path, parameter)], 1)[0])).ToList();
            yield return CreateAddress(path, ids[random.Next(ids.Count)], chosen);
        }
    }

    private static bool IsRequired(JsonNode parameter) => (bool?)parameter["required"] == true;

    private static IEnumerable<JsonNode> ReadParameters(JsonNode document, JsonNode path) =>
        (path["parameters"]?.AsArray() ?? []).Concat(path["get"]!["parameters"]?.AsArray() ?? [])
            .Select(parameter => Resolve(document, parameter!));

    // A schema with a default has its `$ref` in `allOf`.
    private static JsonNode Resolve(JsonNode document, JsonNode node) => (string?)(node["allOf"]?[0] ?? node)["$ref"] is { } reference
        ? reference[2..].Split('/').Aggregate(document, (parent, name) => parent[name]!)
        : node;

    private IReadOnlyList<string> GetIds(string path) =>
        path.Contains(RecordId, StringComparison.Ordinal) ? idsByType[path.Split('/')[2]] : [""];

    private IReadOnlyList<string> GetValues(string path, JsonNode parameter)
    {
        var (name, schema) = ((string)parameter["name"]!, Resolve(document, parameter["schema"]!));
        if (name == "q")
            return SearchTexts;
        if (name == "revision")
            return [$"{headRevision}", $"{headRevision / 2}", "1"];
        if (name == "expand")
            return GetExpansions(GetType(path));
        if ((string?)schema["type"] == "boolean")
            return ["true", "false"];
        if ((string?)schema["type"] == "integer")
            return [.. new[] { schema["maximum"], parameter["example"], schema["minimum"] }.OfType<JsonNode>().Select(value => $"{value}")];
        var allowed = (Resolve(document, schema["items"] ?? schema)["enum"]?.AsArray() ?? []).Select(value => (string)value!).ToList();
        if (allowed.Count == 0)
            return FindReferencedType(path, name) is { } type ? GetIdLists(idsByType[type])
                : [parameter["example"] is JsonArray examples ? string.Join(',', examples) : $"{parameter["example"]}"];
        // In a list: each value, all of them, and three random pairs.
        return (string?)schema["type"] != "array" || allowed.Count == 1 ? allowed
            : [
                .. allowed, string.Join(',', allowed),
                .. Enumerable.Range(0, 3).Select(_ => string.Join(',', random.GetItems([.. allowed], 2).Distinct())),
            ];
    }

    /// <summary>Returns the resource of a path: `commitments` for `/v1/agreements/{recordId}/commitments`.</summary>
    private static string GetType(string path) => path.Split('/').Last(segment => segment != RecordId);

    /// <summary>Returns the resource to whose ids a filter refers; null for other parameters.</summary>
    private string? FindReferencedType(string path, string parameterName) => parameterName == "id" ? GetType(path)
        : parameterName.EndsWith("Id", StringComparison.Ordinal) ? FindType(parameterName[..^2], GetType(path)) : null;

    /// <summary>
    /// Returns the resource with a singular or plural name: `cooperation-groups` for `group` and `cooperationGroups`. A parent has the same
    /// resource as its child.
    /// </summary>
    private string? FindType(string name, string childType)
    {
        var kebabName = JsonNamingPolicy.KebabCaseLower.ConvertName(name);
        return name == "parent" ? childType : idsByType.Keys.FirstOrDefault(type => type == kebabName || type == kebabName + "s"
            || type.EndsWith($"-{kebabName}s", StringComparison.Ordinal));
    }

    /// <summary>Returns the first id, all ids, and two random ones.</summary>
    private IReadOnlyList<string> GetIdLists(IReadOnlyList<string> ids) =>
        ids.Count == 0 ? ["none"] : [ids[0], string.Join(',', ids), string.Join(',', random.GetItems([.. ids], 2).Distinct())];

    /// <summary>Returns each step, all steps, three random paths of the maximum length, and as many paths as a request may have.</summary>
    private List<string> GetExpansions(string type)
    {
        var paths = Enumerable.Range(0, MaxPaths).Select(_ => CreatePath(type)).Distinct().ToList();
        return
        [
            .. stepsByType[type], string.Join(',', stepsByType[type].Take(MaxPaths)), .. paths.Take(3), string.Join(',', paths),
        ];
    }

    private string CreatePath(string startType)
    {
        var (path, type) = (new List<string>(), startType);
        while (path.Count < MaxSteps && type is not null && stepsByType.TryGetValue(type, out var steps))
        {
            path.Add(steps[random.Next(steps.Count)]);
            type = FindType(path[^1].Split('.')[^1], type);
        }
        return string.Join('.', path);
    }

    private static string CreateAddress(string path, string id, IEnumerable<(JsonNode Parameter, string Value)> parameters)
    {
        var query = string.Join('&',
            parameters.Select(parameter => $"{parameter.Parameter["name"]}={Uri.EscapeDataString(parameter.Value)}"));
        var address = path.Replace(RecordId, id, StringComparison.Ordinal);
        if (address.Contains('{', StringComparison.Ordinal))
            throw new InvalidOperationException($"{address} has a path parameter without a value.");
        return query.Length == 0 ? address : $"{address}?{query}";
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();
}
