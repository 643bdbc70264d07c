using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Document;

/// <summary>
/// Puts every mapped <see cref="Operation"/> into the document. Whatever several operations may have, parameters, answers and examples, becomes a
/// component that they refer to: a list and its sub-lists take the same filters and answer the same pages.
/// </summary>
internal sealed class OperationsFilter(EndpointDataSource endpoints, Catalog catalog) : IDocumentFilter
{
    // A record may cite dozens of passages; a few show what all of them look like.
    private const int CitationsShown = 3;

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Servers = [Server()];
        document.Tags = Tags().ToHashSet();
        document.Paths = [];
        document.Components ??= new();
        SharedComponents.Add(document, context);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>().OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<Func<Operation>>()?.Invoke() is not { } operation)
                continue;
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (!document.Paths.TryGetValue(path, out var item))
                document.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
            item.Operations![operation.Method] = Describe(operation, document, context);
        }
        ExpandedMembers.Add(document, catalog);
    }

    private static OpenApiServer Server() => new()
    {
        Url = "/",
        Description = "This service: production, where it runs.",
        Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(JsonValue.Create(false)) },
    };

    private IEnumerable<OpenApiTag> Tags() => catalog.All
        .Select(resource => new OpenApiTag { Name = resource.Type, Description = resource.Description })
        .Append(new OpenApiTag { Name = "changes", Description = "Every change, in order, for who keeps a copy." })
        .Append(new OpenApiTag { Name = "exports", Description = "The whole record in files, made every night." })
        .Append(new OpenApiTag { Name = "mirror", Description = "What a whole copy must come to." })
        .Append(new OpenApiTag { Name = "imports", Description = "Bundles of records, taken in whole or not at all." })
        .Append(new OpenApiTag { Name = "keys", Description = "Who may write, and where reading takes a key, who may read. For Admins." })
        .Append(new OpenApiTag { Name = "search", Description = "Everything, by the words in it." })
        .Append(new OpenApiTag { Name = "statistics", Description = "Figures of the whole record: what was given, how far promises have got, who met, and on what it all rests." })
        .Append(new OpenApiTag { Name = "status", Description = "The state of the service." })
        .Append(new OpenApiTag { Name = "timeline", Description = "What happened, one thing after another." })
        .OrderBy(tag => tag.Name, StringComparer.Ordinal);

    private static OpenApiOperation Describe(Operation operation, OpenApiDocument document, DocumentFilterContext context)
    {
        var isRead = operation.Method == HttpMethod.Get;
        var described = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = operation.Summary,
            Description = operation.Needs is { } role ? $"{operation.Description} Takes the role {role}." : operation.Description,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [],
            Security = Security(operation, document),
            RequestBody = RequestBody(operation, document, context),
            Responses = new() { [Status(operation.Status)] = Success(operation, document, context) },
        };
        if (operation.PathId is { } id)
            described.Parameters.Add(InPath("id", "The identifier.", id));
        if (operation.OtherId is { } other)
            described.Parameters.Add(InPath("other", "The identifier of the other record, of the same type.", other));
        foreach (var parameter in operation.Parameters)
        {
            var owner = parameter.IsOwn ? Operation.Pascal(operation.Owner) : "";
            described.Parameters.Add(Component(document, owner + Operation.Pascal(parameter.Name), () => InQuery(parameter)));
        }
        if (isRead)
            described.Parameters.Add(new OpenApiParameterReference("IfNoneMatch", document));
        if (operation.IsConditional)
        {
            foreach (var header in operation.Makes ? ["IfMatch", "IfNoneMatchAny", "Prefer"] : operation.Answer is null || operation.Method == HttpMethod.Post ? ["IfMatch"] : new[] { "IfMatch", "Prefer" })
                described.Parameters.Add(new OpenApiParameterReference(header, document));
        }
        if (operation.Makes)
            described.Responses["201"] = described.Responses[Status(operation.Status)];
        described.Parameters.Add(new OpenApiParameterReference("AcceptLanguage", document));
        foreach (var status in Refusals(operation).Order())
            described.Responses[Status(status)] = new OpenApiResponseReference(SharedComponents.Refusals[status], document);
        described.Responses["default"] = new OpenApiResponseReference("Unexpected", document);
        return described;
    }

    private static IEnumerable<int> Refusals(Operation operation) =>
    [
        400, 401, 406, 429, 500, 503,
        .. operation.Method == HttpMethod.Get ? [304] : Array.Empty<int>(),
        .. operation.Needs is null ? [] : new[] { 403 },
        .. operation.PathId is null ? [] : new[] { 404 },
        .. operation.Body is null && operation.OtherBodies.Count == 0 ? [] : new[] { 413, 415 },
        .. operation.Refusals,
    ];

    private static string Status(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary>The key that it takes, or may take: reading is open, and can be closed.</summary>
    private static List<OpenApiSecurityRequirement> Security(Operation operation, OpenApiDocument document)
    {
        var key = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SharedComponents.KeyScheme, document)] = [] };
        return operation.Needs is null ? [[], key] : [key];
    }

    private static OpenApiRequestBody? RequestBody(Operation operation, OpenApiDocument document, DocumentFilterContext context)
    {
        var content = new Dictionary<string, OpenApiMediaType>(operation.OtherBodies);
        if (operation.Body is var (shape, example))
        {
            content[operation.BodyType] = new()
            {
                Schema = operation.IsPatch ? PatchSchema.Of(shape, document, context) : context.SchemaGenerator.GenerateSchema(shape, context.SchemaRepository),
                Example = example,
            };
        }
        if (content.Count == 0)
            return null;
        return new() { Required = true, Description = "In UTF-8, and not compressed. Members that the schema doesn't have are refused.", Content = content };
    }

    private static OpenApiResponseReference Success(Operation operation, OpenApiDocument document, DocumentFilterContext context)
    {
        var (name, example) = operation.Example;
        if (operation.Answer is not { } answer)
        {
            document.Components!.Responses!.TryAdd(name, new OpenApiResponse { Description = "Done.", Headers = SharedComponents.Headers(document, SharedComponents.OnEveryAnswer) });
        }
        else if (!document.Components!.Responses!.ContainsKey(name))
        {
            var examples = new Dictionary<string, IOpenApiExample>();
            if (example() is { } real)
            {
                document.Components.Examples![name] = operation.Needs is null ? Shortened(real) : new OpenApiExample { Summary = "Invented.", Value = real };
                examples[operation.Needs is null ? "founding" : "invented"] = new OpenApiExampleReference(name, document);
            }
            document.Components.Responses[name] = new OpenApiResponse
            {
                Description = operation.IsFile ? Files.Description : operation.IsPage ? "A page of the list." : operation.Status == 201 ? "It was made." : "As it stands.",
                Headers = SharedComponents.Headers(document, [
                    .. SharedComponents.OnEveryAnswer,
                    .. operation.Method == HttpMethod.Get ? ["ETag"] : Array.Empty<string>(),
                    .. operation.Status == 201 ? ["Location"] : Array.Empty<string>(),
                    .. operation.IsItem ? ["Last-Modified"] : Array.Empty<string>(),
                    .. operation.IsPage ? ["Link"] : Array.Empty<string>(),
                    .. operation.IsFile ? Files.Headers : []]),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(answer, context.SchemaRepository),
                        Examples = examples,
                    },
                },
            };
            if (operation.IsFile)
                Files.AddTo(document.Components.Responses[name].Content!, document);
        }
        return new(name, document);
    }

    /// <summary>The example, with the first few citations of each record and a word where some were left out.</summary>
    private static OpenApiExample Shortened(JsonNode example)
    {
        var isShorter = false;
        foreach (var record in (example["items"] as JsonArray)?.OfType<JsonObject>() ?? [example.AsObject()])
        {
            if (record["citations"] is not JsonArray { Count: > CitationsShown } citations)
                continue;
            citations.RemoveRange(CitationsShown, citations.Count - CitationsShown);
            isShorter = true;
        }
        return new() { Summary = isShorter ? "From the founding record; some of its citations are left out here." : "From the founding record.", Value = example };
    }

    private static OpenApiParameter InPath(string name, string description, string id) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Slug.Pattern, MinLength = 1, MaxLength = Slug.MaxLength },
        Example = JsonValue.Create(id),
    };

    private static OpenApiParameter InQuery(Parameter parameter)
    {
        var schema = parameter.Schema;
        // Several values go into one parameter, with commas between.
        var isList = schema.Type == JsonSchemaType.Array;
        return new()
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Required = parameter.IsRequired,
            Description = parameter.Description,
            Schema = schema,
            Style = isList ? ParameterStyle.Form : null,
            Explode = !isList,
            Example = parameter.ExampleNode,
        };
    }

    private static OpenApiParameterReference Component(OpenApiDocument document, string name, Func<OpenApiParameter> describe)
    {
        var parameters = document.Components!.Parameters!;
        if (!parameters.ContainsKey(name))
            parameters[name] = describe();
        return new(name, document);
    }
}
