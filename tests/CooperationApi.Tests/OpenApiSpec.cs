using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>An OpenAPI document with its operations, references resolved, and a validator for its schemas.</summary>
internal sealed class OpenApiSpec
{
    private readonly JsonNode document;

    private OpenApiSpec(JsonNode document) => this.document = document;

    public string Version => (string)document["openapi"]!;

    public IReadOnlyList<string> Tags => [.. document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!)];

    public IReadOnlyList<Operation> Operations =>
        [.. document["paths"]!.AsObject()
            .SelectMany(
                path => path.Value!.AsObject()
                    .Select(operation => new Operation(this, path.Key, operation.Key.ToUpperInvariant(), operation.Value!)))];

    /// <summary>The GET operations that require no API key.</summary>
    public IReadOnlyList<Operation> AnonymousReads =>
        [.. Operations.Where(operation => operation is { Method: "GET", RequiresKey: false })];

    public static OpenApiSpec FromJson(JsonNode document) => new(document);

    /// <summary>
    /// Returns the violations of a schema by a value. An unknown schema keyword throws, so that no keyword is ignored.
    /// </summary>
    public IEnumerable<string> FindErrors(JsonNode? value, JsonNode schema, string path) =>
        schema.AsObject().SelectMany(keyword => FindErrors(value, keyword.Key, keyword.Value!, schema, path));

    private IEnumerable<string> FindErrors(JsonNode? value, string keyword, JsonNode constraint, JsonNode schema, string path)
    {
        return keyword switch
        {
            "$ref" => FindErrors(value, ResolveReference(schema), path),
            "allOf" => constraint.AsArray().SelectMany(candidate => FindErrors(value, candidate!, path)),
            "type" => ErrorUnless(IsOfType(value, (string)constraint!)),
            "enum" => ErrorUnless(constraint.AsArray().Any(candidate => JsonNode.DeepEquals(candidate, value))),
            "pattern" => ErrorUnless(Regex.IsMatch((string)value!, (string)constraint!)),
            "minLength" => ErrorUnless(CountCodePoints() >= (int)constraint),
            "maxLength" => ErrorUnless(CountCodePoints() <= (int)constraint),
            "minimum" => ErrorUnless(value!.GetValue<decimal>() >= (decimal)constraint),
            "maximum" => ErrorUnless(value!.GetValue<decimal>() <= (decimal)constraint),
            "minItems" => ErrorUnless(value!.AsArray().Count >= (int)constraint),
            "maxItems" => ErrorUnless(value!.AsArray().Count <= (int)constraint),
            "items" => value!.AsArray().SelectMany((item, i) => FindErrors(item, constraint, $"{path}/{i}")),
            "required" => constraint.AsArray().SelectMany(name => ErrorUnless(value!.AsObject().ContainsKey((string)name!))),
            "properties" =>
                value!.AsObject().Where(member => constraint[member.Key] is not null)
                    .SelectMany(member => FindErrors(member.Value, constraint[member.Key]!, $"{path}/{member.Key}")),
            "additionalProperties" =>
                ErrorUnless(!(bool)constraint && value!.AsObject().All(member => schema["properties"]![member.Key] is not null)),
            "format" => ErrorUnless((string?)constraint switch
            {
                "int32" => value!.AsValue().TryGetValue<int>(out _),
                "int64" => value!.AsValue().TryGetValue<long>(out _),
                "double" => value!.AsValue().TryGetValue<double>(out _),
                "date-time" => DateTimeOffset.TryParse((string?)value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                "date" => DateOnly.TryParseExact((string?)value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                _ => throw new NotSupportedException($"{path}: format {constraint}"),
            }),
            "description" or "default" or "readOnly" => [],
            _ => throw new NotSupportedException($"{path}: {keyword}"),
        };

        int CountCodePoints() => ((string)value!).EnumerateRunes().Count();

        IEnumerable<string> ErrorUnless(bool isValid) =>
            isValid ? [] : [$"{path}: {value?.ToJsonString()} violates {keyword} {constraint.ToJsonString()}"];
    }

    private static bool IsOfType(JsonNode? value, string type) => (type, value?.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String)
            or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value!.AsValue().TryGetValue<long>(out _),
        _ => false,
    };

    /// <summary>Returns the target of a `$ref`, or the node itself if it is no reference.</summary>
    private JsonNode ResolveReference(JsonNode node) => (string?)node["$ref"] is { } reference
        ? ResolveReference(
            reference.Split('/').Skip(1)
                .Aggregate(document, (inner, name) => inner[name] ?? throw new InvalidOperationException($"{reference} does not exist.")))
        : node;

    /// <summary>An operation of the document.</summary>
    internal sealed class Operation(OpenApiSpec document, string path, string method, JsonNode operation)
    {
        public string Path => path;

        public string Method => method;

        /// <summary>True if the operation requires an API key.</summary>
        public bool RequiresKey => operation["security"]!.AsArray() is { Count: > 0 } requirements
            && requirements.All(requirement => requirement!.AsObject().Count > 0);

        /// <summary>The example of the request body, or null if the operation has no body.</summary>
        public JsonNode? ExampleBody =>
            operation["requestBody"]?["content"]!.AsObject().Select(body => body.Value!["example"])
                .FirstOrDefault(example => example is not null);

        /// <summary>The media type of the example of the request body.</summary>
        public string ExampleBodyType =>
            operation["requestBody"]!["content"]!.AsObject().First(body => body.Value!["example"] is not null).Key;

        public JsonNode BodySchema => operation["requestBody"]!["content"]!["application/json"]!["schema"]!;

        public string Id => (string)operation["operationId"]!;

        public string? Summary => (string?)operation["summary"];

        public string? Description => (string?)operation["description"];

        public IReadOnlyList<string> Tags => [.. operation["tags"]!.AsArray().Select(tag => (string)tag!)];

        public IReadOnlyList<string> Statuses => [.. operation["responses"]!.AsObject().Select(response => response.Key)];

        public IReadOnlyList<Parameter> Parameters =>
            [.. operation["parameters"]!.AsArray().Select(parameter => new Parameter(document.ResolveReference(parameter!)))];

        public bool IsList => Parameters.Any(parameter => parameter.Name == "limit");

        /// <summary>The path with the examples of its path parameters and of the required query parameters.</summary>
        public string ExampleAddress => Parameters.Where(parameter => parameter.In == "path")
            .Aggregate(path,
                (address, parameter) => address.Replace($"{{{parameter.Name}}}", (string)parameter.Example!, StringComparison.Ordinal))
            + string.Concat(
                Parameters.Where(parameter => parameter is { In: "query", IsRequired: true })
                    .Select((parameter, i) => (i == 0 ? "?" : "&") + parameter.ExampleQuery));

        /// <summary>The media types of the 200 response.</summary>
        public IReadOnlyList<string> MediaTypes => [.. GetResponse(200)["content"]!.AsObject().Select(content => content.Key)];

        public JsonNode GetSchema(int status) =>
            GetResponse(status)["content"]![status < 300 ? "application/json" : "application/problem+json"]!["schema"]!;

        /// <summary>The schema of the items of a list.</summary>
        public JsonNode ItemSchema => document.ResolveReference(GetSchema(200))["properties"]!["items"]!["items"]!;

        public IEnumerable<(string Name, JsonNode Schema)> GetHeaders(int status) =>
            GetResponse(status)["headers"]!.AsObject().Select(header => (header.Key, document.ResolveReference(header.Value!)["schema"]!));

        private JsonNode GetResponse(int status) =>
            document.ResolveReference(operation["responses"]![status.ToString(CultureInfo.InvariantCulture)]!);
    }

    /// <summary>A parameter of an operation.</summary>
    internal sealed class Parameter(JsonNode parameter)
    {
        public string Name => (string)parameter["name"]!;

        public string In => (string)parameter["in"]!;

        public bool IsRequired => (bool?)parameter["required"] == true;

        public string? Description => (string?)parameter["description"];

        public JsonNode? Example => parameter["example"];

        public JsonNode Schema => parameter["schema"]!;

        /// <summary>The example as a query string, with several values separated by commas.</summary>
        public string ExampleQuery =>
            $"{Name}={Uri.EscapeDataString(Example is JsonArray values ? string.Join(',', values) : Example!.ToString())}";
    }
}
