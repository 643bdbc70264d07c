using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>An OpenAPI document as a client reads it: its operations with all references followed, and its schemas as a check of what is answered.</summary>
internal sealed class OpenApi
{
    private readonly JsonNode document;

    private OpenApi(JsonNode document) => this.document = document;

    public string Version => (string)document["openapi"]!;

    public IReadOnlyList<string> Tags => [.. document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!)];

    public IReadOnlyList<Operation> Operations =>
        [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => new Operation(this, path.Key, operation.Key.ToUpperInvariant(), operation.Value!)))];

    /// <summary>The operations that everybody can try as they stand.</summary>
    public IReadOnlyList<Operation> Reads => [.. Operations.Where(operation => operation is { Method: "GET", TakesKey: false })];

    public static OpenApi Of(JsonNode document) => new(document);

    /// <summary>
    /// What of the value is not as the schema says. A keyword that isn't known here is an error, so that none is passed over.
    /// </summary>
    public IEnumerable<string> Faults(JsonNode? value, JsonNode schema, string at) =>
        schema.AsObject().SelectMany(keyword => Faults(value, keyword.Key, keyword.Value!, schema, at));

    private IEnumerable<string> Faults(JsonNode? value, string keyword, JsonNode rule, JsonNode schema, string at)
    {
        return keyword switch
        {
            "$ref" => Faults(value, Follow(schema), at),
            "allOf" => rule.AsArray().SelectMany(one => Faults(value, one!, at)),
            "type" => Unless(IsOfType(value, (string)rule!)),
            "enum" => Unless(rule.AsArray().Any(one => JsonNode.DeepEquals(one, value))),
            "pattern" => Unless(Regex.IsMatch((string)value!, (string)rule!)),
            "minLength" => Unless(Length() >= (int)rule),
            "maxLength" => Unless(Length() <= (int)rule),
            "minimum" => Unless(value!.GetValue<decimal>() >= (decimal)rule),
            "maximum" => Unless(value!.GetValue<decimal>() <= (decimal)rule),
            "minItems" => Unless(value!.AsArray().Count >= (int)rule),
            "maxItems" => Unless(value!.AsArray().Count <= (int)rule),
            "items" => value!.AsArray().SelectMany((item, i) => Faults(item, rule, $"{at}/{i}")),
            "required" => rule.AsArray().SelectMany(name => Unless(value!.AsObject().ContainsKey((string)name!))),
            "properties" => value!.AsObject().Where(member => rule[member.Key] is not null).SelectMany(member => Faults(member.Value, rule[member.Key]!, $"{at}/{member.Key}")),
            "additionalProperties" => Unless(!(bool)rule && value!.AsObject().All(member => schema["properties"]![member.Key] is not null)),
            "format" => Unless((string?)rule switch
            {
                "int32" => value!.AsValue().TryGetValue<int>(out _),
                "int64" => value!.AsValue().TryGetValue<long>(out _),
                "double" => value!.AsValue().TryGetValue<double>(out _),
                "date-time" => DateTimeOffset.TryParse((string?)value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                "date" => DateOnly.TryParseExact((string?)value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                _ => throw new NotSupportedException($"{at}: format {rule}"),
            }),
            "description" or "default" or "readOnly" => [],
            _ => throw new NotSupportedException($"{at}: {keyword}"),
        };

        int Length() => ((string)value!).EnumerateRunes().Count();

        IEnumerable<string> Unless(bool isSo) => isSo ? [] : [$"{at}: {value?.ToJsonString()} is against {keyword} {rule.ToJsonString()}"];
    }

    private static bool IsOfType(JsonNode? value, string type) => (type, value?.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value!.AsValue().TryGetValue<long>(out _),
        _ => false,
    };

    /// <summary>What a reference within the document stands for; what is none, itself.</summary>
    private JsonNode Follow(JsonNode node) => (string?)node["$ref"] is { } reference
        ? Follow(reference.Split('/').Skip(1).Aggregate(document, (inner, name) => inner[name] ?? throw new InvalidOperationException($"{reference} is nowhere.")))
        : node;

    /// <summary>A documented call.</summary>
    internal sealed class Operation(OpenApi document, string path, string method, JsonNode operation)
    {
        public string Path => path;

        public string Method => method;

        /// <summary>Whether it can't be made without a key.</summary>
        public bool TakesKey => operation["security"]!.AsArray().All(one => one!.AsObject().Count > 0);

        /// <summary>The example of the body that it takes; null if it takes none.</summary>
        public JsonNode? ExampleBody => operation["requestBody"]?["content"]!.AsObject().Select(body => body.Value!["example"]).FirstOrDefault(example => example is not null);

        public JsonNode BodySchema => operation["requestBody"]!["content"]!["application/json"]!["schema"]!;

        public string Id => (string)operation["operationId"]!;

        public string? Summary => (string?)operation["summary"];

        public string? Description => (string?)operation["description"];

        public IReadOnlyList<string> Tags => [.. operation["tags"]!.AsArray().Select(tag => (string)tag!)];

        public IReadOnlyList<string> Statuses => [.. operation["responses"]!.AsObject().Select(response => response.Key)];

        public IReadOnlyList<Parameter> Parameters => [.. operation["parameters"]!.AsArray().Select(parameter => new Parameter(document.Follow(parameter!)))];

        public bool IsList => Parameters.Any(parameter => parameter.Name == "limit");

        /// <summary>The path with the documented example of what stands in it, and of what a request can't do without.</summary>
        public string ExampleAddress => Parameters.Where(parameter => parameter.In == "path")
            .Aggregate(path, (address, parameter) => address.Replace($"{{{parameter.Name}}}", (string)parameter.Example!, StringComparison.Ordinal))
            + string.Concat(Parameters.Where(parameter => parameter is { In: "query", IsRequired: true }).Select((parameter, i) => (i == 0 ? "?" : "&") + parameter.ExampleQuery));

        /// <summary>The media types of what is answered.</summary>
        public IReadOnlyList<string> MediaTypes => [.. Response(200)["content"]!.AsObject().Select(content => content.Key)];

        public JsonNode Schema(int status) => Response(status)["content"]![status < 300 ? "application/json" : "application/problem+json"]!["schema"]!;

        /// <summary>The schema of what a list is of.</summary>
        public JsonNode ItemSchema => document.Follow(Schema(200))["properties"]!["items"]!["items"]!;

        public IEnumerable<(string Name, JsonNode Schema)> Headers(int status) =>
            Response(status)["headers"]!.AsObject().Select(header => (header.Key, document.Follow(header.Value!)["schema"]!));

        private JsonNode Response(int status) => document.Follow(operation["responses"]![status.ToString(CultureInfo.InvariantCulture)]!);
    }

    /// <summary>A documented parameter.</summary>
    internal sealed class Parameter(JsonNode parameter)
    {
        public string Name => (string)parameter["name"]!;

        public string In => (string)parameter["in"]!;

        public bool IsRequired => (bool?)parameter["required"] == true;

        public string? Description => (string?)parameter["description"];

        public JsonNode? Example => parameter["example"];

        public JsonNode Schema => parameter["schema"]!;

        /// <summary>The example as it stands in a query, several values with commas between.</summary>
        public string ExampleQuery => $"{Name}={Uri.EscapeDataString(Example is JsonArray several ? string.Join(',', several) : Example!.ToString())}";
    }
}
