using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Document;

/// <summary>Puts every mapped <see cref="Operation"/> into the document, with what all of them have: headers, problems, examples.</summary>
internal sealed class OperationsFilter(EndpointDataSource endpoints, Catalog catalog) : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Servers = [new() { Url = "/", Description = "This service: production, where it runs.", Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(JsonValue.Create(false)) } }];
        document.Paths = [];
        document.Components ??= new();
        AddShared(document, context);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>().OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<Operation>() is { } operation)
                document.Paths.Add("/" + endpoint.RoutePattern.RawText!.Trim('/'), new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = Describe(operation, document, context) } });
        }
        document.Tags = Tags().ToHashSet();
        document.Security = [];
    }

    private IEnumerable<OpenApiTag> Tags() => catalog.All
        .Select(resource => new OpenApiTag { Name = resource.Type, Description = resource.Description })
        .Append(new OpenApiTag { Name = "status", Description = "The state of the service." })
        .OrderBy(tag => tag.Name, StringComparer.Ordinal);

    private static OpenApiOperation Describe(Operation operation, OpenApiDocument document, DocumentFilterContext context)
    {
        var (name, value) = operation.Example;
        if (!document.Components!.Examples!.ContainsKey(name))
            document.Components.Examples[name] = new OpenApiExample { Summary = "From the founding record.", Value = value() };
        var described = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = operation.Summary,
            Description = operation.Description,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [],
            Security = [],
            Responses = new()
            {
                ["200"] = new OpenApiResponse
                {
                    Description = operation.IsPage ? "A page of the list." : "As it stands.",
                    Headers = HeadersOf(operation, document),
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/json"] = new OpenApiMediaType
                        {
                            Schema = context.SchemaGenerator.GenerateSchema(operation.Answer, context.SchemaRepository),
                            Examples = new Dictionary<string, IOpenApiExample> { ["founding"] = new OpenApiExampleReference(name, document) },
                        },
                    },
                },
                ["304"] = new OpenApiResponseReference("NotModified", document),
                ["400"] = new OpenApiResponseReference("BadRequest", document),
            },
        };
        if (operation.PathId is { } id)
        {
            described.Parameters.Add(new OpenApiParameter
            {
                Name = "id",
                In = ParameterLocation.Path,
                Required = true,
                Description = "The record's identifier.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Slug.Pattern, MinLength = 1, MaxLength = Slug.MaxLength },
                Example = JsonValue.Create(id),
            });
            described.Responses["404"] = new OpenApiResponseReference("NotFound", document);
        }
        foreach (var parameter in operation.Parameters)
            described.Parameters.Add(Describe(parameter));
        described.Parameters.Add(new OpenApiParameterReference("IfNoneMatch", document));
        described.Parameters.Add(new OpenApiParameterReference("AcceptLanguage", document));
        described.Responses["406"] = new OpenApiResponseReference("NotAcceptable", document);
        described.Responses["500"] = new OpenApiResponseReference("InternalError", document);
        described.Responses["503"] = new OpenApiResponseReference("Unavailable", document);
        described.Responses["default"] = new OpenApiResponseReference("Unexpected", document);
        return described;
    }

    private static OpenApiParameter Describe(Parameter parameter)
    {
        var schema = parameter.Schema;
        var described = new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Description,
            Schema = schema,
        };
        // Several values go into one parameter, with commas between.
        if (schema.Type == JsonSchemaType.Array)
            (described.Style, described.Explode) = (ParameterStyle.Form, false);
        // "Try it out" fills in what is an example; as one filter among many that would leave nothing, so all but the harmless are shown as text.
        described.Example = parameter is LimitParameter or SortParameter ? parameter.ExampleNode : null;
        if (parameter is not CursorParameter)
        {
            described.Examples = described.Example is null
                ? new Dictionary<string, IOpenApiExample>
                {
                    ["none"] = new OpenApiExample { Summary = "Not given" },
                    ["some"] = new OpenApiExample { Summary = parameter.Example, Value = parameter.ExampleNode },
                }
                : null;
        }
        return described;
    }

    private static Dictionary<string, IOpenApiHeader> HeadersOf(Operation operation, OpenApiDocument document)
    {
        var names = new List<string> { "API-Version", "ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin" };
        if (operation.IsItem)
            names.Add("Last-Modified");
        if (operation.IsPage)
            names.Add("Link");
        return names.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));
    }

    private static void AddShared(OpenApiDocument document, DocumentFilterContext context)
    {
        var components = document.Components!;
        components.Examples = new Dictionary<string, IOpenApiExample>();
        components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["API-Version"] = Header("The version of the API.", ServiceHeaders.ApiVersion, "^[0-9]+\\.[0-9]+\\.[0-9]+$", 20),
            ["ETag"] = Header("The tag of this state of the answer; weak on lists, which follow every change.", "\"5f0c2b9a41d7-203\"", "^(W/)?\"[a-z0-9-]+\"$", 100),
            ["Cache-Control"] = Header("Keep, but ask again with `If-None-Match` before using.", "no-cache", "^[a-z-]+$", 50),
            ["Vary"] = Header("What of the request decides the representation.", "Accept, Accept-Encoding", "^[A-Za-z, -]+$", 100),
            ["Access-Control-Allow-Origin"] = Header("Any web page may read.", "*", "^\\*$", 1),
            ["Last-Modified"] = Header("When the record was last changed.", "Sun, 22 Nov 2026 08:00:00 GMT", "^[A-Za-z0-9,: ]+$", 40),
            ["Link"] = Header("The address of the next page, with `rel=\"next\"`; absent on the last.", "</v1/meetings?cursor=abc>; rel=\"next\"", "^<[^>]+>; rel=\"next\"$", 5000),
            ["Content-Language"] = Header("The language of the explanation.", "en", "^(en|vi)$", 2),
            ["Retry-After"] = Header("When to try again, in seconds.", "5", "^[0-9]+$", 10),
        };
        components.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            ["IfNoneMatch"] = new OpenApiParameter
            {
                Name = "If-None-Match",
                In = ParameterLocation.Header,
                Description = "The `ETag` of an earlier answer: if it still stands, the answer is an empty 304.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[\\x21-\\x7E ]+$", MinLength = 1, MaxLength = 2000 },
            },
            ["AcceptLanguage"] = new OpenApiParameter
            {
                Name = "Accept-Language",
                In = ParameterLocation.Header,
                Description = "The language in which problems are explained: `en` or `vi`.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[\\x21-\\x7E ]+$", MinLength = 1, MaxLength = 200 },
                Example = JsonValue.Create("vi"),
            },
        };
        var problem = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        components.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["NotModified"] = new OpenApiResponse { Description = "Nothing has changed since the answer with that `ETag`.", Headers = Headers(document, "API-Version", "ETag", "Access-Control-Allow-Origin") },
            ["BadRequest"] = Refusal("The request has faults; all are listed.", ProblemException.Invalid(
                [Fault.NotAmong("unknown_parameter", "provnceId", ["provinceId", "kind"]) with { Parameter = "provnceId" }])),
            ["NotFound"] = Refusal("There is no such record.", new(404, "record_not_found", "meetings", "hoi-nghi")),
            ["NotAcceptable"] = Refusal("The answer has no format that the request accepts.", new(406, "not_acceptable", "application/json")),
            ["InternalError"] = Refusal("The service failed; the trace id is in its log.", new(500, "internal_error")),
            ["Unavailable"] = Refusal("The store can't be read at the moment.", new(503, "unavailable"), "Retry-After"),
            ["Unexpected"] = Refusal("Any other problem.", new(405, "method_not_allowed", "DELETE")),
        };

        OpenApiResponse Refusal(string description, ProblemException example, params string[] headers) => new()
        {
            Description = description,
            Headers = Headers(document, ["API-Version", "Content-Language", "Access-Control-Allow-Origin", .. headers]),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problems.ContentType] = new OpenApiMediaType
                {
                    Schema = problem,
                    Example = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(
                        Problems.Describe(example, Language.English, "0af7651916cd43dd8448eb211c80319c"), Wire.Json)),
                },
            },
        };
    }

    private static Dictionary<string, IOpenApiHeader> Headers(OpenApiDocument document, params string[] names) =>
        names.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));

    private static OpenApiHeader Header(string description, string example, string pattern, int longest) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern, MaxLength = longest },
        Example = JsonValue.Create(example),
    };
}
