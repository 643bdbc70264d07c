using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace CooperationApi.Tests;

/// <summary>An OpenAPI 3.1 document with its operations, references resolved, and a validator for its schemas.</summary>
internal sealed class OpenApiSpec
{
    private static readonly EvaluationOptions ValidationOptions =
        new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private const string ComponentsId = "urn:components";

    private readonly JsonNode document;
    private readonly ConcurrentDictionary<string, JsonSchema> compiled = new();
    private readonly BuildOptions buildOptions = new() { Dialect = Dialect.Draft202012, SchemaRegistry = new() };

    private OpenApiSpec(JsonNode document)
    {
        this.document = document;
        var components = new JsonObject { ["$id"] = ComponentsId, ["$defs"] = document["components"]!["schemas"]!.DeepClone() };
        ApplyDiscriminators(components["$defs"]!.AsObject());
        buildOptions.SchemaRegistry.Register(Compile(components.ToJsonString()));
    }

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

    /// <summary>Returns the violations of a schema of the document by a value.</summary>
    public IEnumerable<string> FindErrors(JsonNode? value, JsonNode schema, string path)
    {
        var element = JsonSerializer.SerializeToElement(value);
        var results = compiled.GetOrAdd(schema.ToJsonString(), Compile).Evaluate(element, ValidationOptions);
        return results.IsValid ? [] : (results.Details ?? [])
            .Where(detail => detail.Errors is { Count: > 0 })
            .SelectMany(detail => detail.Errors!.Select(error => $"{path}{detail.InstanceLocation}: {error.Key}: {error.Value}"));
    }

    /// <summary>
    /// Returns the differences between a response and the document: an undocumented status, header, media type or body.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindDifferences(Operation operation, HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).Select(header => (header.Key, string.Join(", ", header.Value)));
        var isJson = response.Content.Headers.ContentType?.MediaType is { } mediaType && IsJson(mediaType);
        return FindDifferences(operation, $"{operation.Method} {response.RequestMessage!.RequestUri!.PathAndQuery}",
            (int)response.StatusCode, headers, isJson ? await response.ReadText() : "");
    }

    /// <summary>
    /// Returns the differences between a response and the document. The headers are pairs of a name and a value; only JSON is compared.
    /// </summary>
    public IReadOnlyList<string> FindDifferences(Operation operation, string request, int status,
        IEnumerable<(string Name, string Value)> headers, string body)
    {
        var name = $"{request}: {status}";
        if (!operation.Statuses.Contains(status.ToString(CultureInfo.InvariantCulture)))
            return [$"{name} is not documented for {operation.Id}."];
        var (differences, mediaType) = (new List<string>(), default(string));
        var documentedHeaders = operation.GetHeaders(status)
            .ToDictionary(header => header.Name, header => header.Schema, StringComparer.OrdinalIgnoreCase);
        foreach (var (header, value) in headers)
        {
            if (header.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                mediaType = value.Split(';')[0];
            if (documentedHeaders.TryGetValue(header, out var schema))
                differences.AddRange(FindErrors(JsonValue.Create(value), schema, $"{name} {header}"));
            else if (!IsGeneralHeader(header))
                differences.Add($"{name}: the header {header} is not documented.");
        }
        if (mediaType is null)
            return differences;
        if (operation.FindContent(status, mediaType) is not { } content)
            differences.Add($"{name}: a body of the type {mediaType} is not documented.");
        // The manifest of an export is documented as a file.
        else if (IsJson(mediaType) && body.Length > 0 && (string?)content["schema"]!["format"] != "binary")
            differences.AddRange(FindErrors(JsonNode.Parse(body), content["schema"]!, name));
        return differences;
    }

    // NDJSON is documented as a file.
    private static bool IsJson(string mediaType) => mediaType is "application/json" or "application/problem+json";

    /// <summary>Returns true for headers of the protocol, and for those that the introduction of the document lists.</summary>
    private bool IsGeneralHeader(string name) =>
        name is "Content-Type" or "Content-Length" or "Date" or "Server" or "Transfer-Encoding" or "Connection"
        || ((string)document["info"]!["description"]!).Contains($"`{name}`", StringComparison.Ordinal)
        || ((string)document["info"]!["description"]!).Contains($"`{name}: ", StringComparison.Ordinal);

    /// <summary>
    /// Replaces each reference to a schema with a discriminator by conditions: JSON Schema ignores the discriminator of OpenAPI. The
    /// references from the variants to this schema remain.
    /// </summary>
    private static void ApplyDiscriminators(JsonObject schemas)
    {
        foreach (var (name, schema) in schemas.Where(schema => schema.Value!["discriminator"] is not null).ToList())
        {
            var discriminator = schema!["discriminator"]!;
            var conditions = discriminator["mapping"]!.AsObject().Select(variant => (JsonNode)new JsonObject
            {
                ["if"] = new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        [(string)discriminator["propertyName"]!] = new JsonObject { ["const"] = variant.Key },
                    },
                },
                ["then"] = new JsonObject { ["$ref"] = (string)variant.Value! },
            });
            var reference = new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
            var lists = schemas.SelectMany(owner => owner.Value!["properties"]?.AsObject() ?? [])
                .Where(member => JsonNode.DeepEquals(member.Value!["items"], reference)).ToList();
            foreach (var (_, list) in lists)
                list!["items"] = new JsonObject { ["allOf"] = new JsonArray([reference.DeepClone(), .. conditions]) };
        }
    }

    // The components are compiled once; a reference to one of them has their id.
    private JsonSchema Compile(string schema) => JsonSchema.FromText(
        schema.Replace("\"#/components/schemas/", $"\"{ComponentsId}#/$defs/", StringComparison.Ordinal), buildOptions);

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

        /// <summary>The second segment of the path: the type of the records, or `keys`.</summary>
        public string Collection => path.Split('/').ElementAtOrDefault(2) ?? "";

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

        /// <summary>The media types of the request body.</summary>
        public IReadOnlyList<string> BodyTypes => [.. (operation["requestBody"]?["content"]?.AsObject() ?? []).Select(body => body.Key)];

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

        /// <summary>The component name of a response.</summary>
        public string GetResponseName(string status) => ((string)operation["responses"]![status]!["$ref"]!).Split('/')[^1];

        /// <summary>The media types of a response.</summary>
        public IReadOnlyList<string> GetMediaTypes(int status) =>
            [.. (GetResponse(status)["content"]?.AsObject() ?? []).Select(content => content.Key)];

        public JsonNode GetSchema(int status) =>
            GetResponse(status)["content"]![status < 300 ? "application/json" : "application/problem+json"]!["schema"]!;

        /// <summary>The schema of the items of a list.</summary>
        public JsonNode ItemSchema => document.ResolveReference(GetSchema(200))["properties"]!["items"]!["items"]!;

        /// <summary>The headers of a response, with their schemas.</summary>
        public IEnumerable<(string Name, JsonNode Schema)> GetHeaders(int status) =>
            GetResponse(status)["headers"]!.AsObject().Select(header => (header.Key, document.ResolveReference(header.Value!)["schema"]!));

        /// <summary>The content of a response in a media type; null if it is not documented.</summary>
        public JsonNode? FindContent(int status, string mediaType) => GetResponse(status)["content"]?[mediaType];

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
