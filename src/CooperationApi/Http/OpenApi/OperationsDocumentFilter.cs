using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// Adds every mapped <see cref="OperationDescription"/> to the document. Parameters, responses and examples become components that
/// operations share: a list and its nested lists have the same filters and return the same pages.
/// </summary>
internal sealed class OperationsDocumentFilter(EndpointDataSource endpoints, ResourceCatalog catalog,
    IOptions<AuthorizationOptions> authorization) : IDocumentFilter
{
    // A record can have dozens of citations; three show their form.
    private const int MaxExampleCitations = 3;

    // The order of the operations of a path.
    private static readonly string[] Methods = ["GET", "PUT", "POST", "PATCH", "DELETE"];

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Tags = CreateTags().ToHashSet();
        document.Paths = [];
        document.Components ??= new();
        SharedComponents.AddTo(document, context);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
            .OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal)
            .ThenBy(endpoint => Array.IndexOf(Methods, GetMethod(endpoint))))
        {
            if (endpoint.Metadata.GetMetadata<OperationDescription>() is not { } description)
                continue;
            var operation = description with
            {
                Method = new(GetMethod(endpoint)!),
                RequiredRole = endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy,
            };
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (!document.Paths.TryGetValue(path, out var item))
                document.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
            item.Operations![operation.Method] = Describe(operation, GetPathPrefix(endpoint), document, context);
        }
        ExpansionSchemas.AddTo(document, catalog);
    }

    // In the order of use: the cooperation, its parties and sources, queries over all records, copies, and administration.
    private IEnumerable<OpenApiTag> CreateTags() =>
    [
        .. catalog.All.SkipWhile(resource => resource.Type != "meetings")
            .Concat(catalog.All.TakeWhile(resource => resource.Type != "meetings").Reverse())
            .Select(resource => CreateTag(resource.Type, resource.Description)),
        CreateTag("search", "Full-text search over all records."),
        CreateTag("timeline", "Meetings, agreements, results and changes of provinces, ordered by date."),
        CreateTag("statistics", "Statistics of contributions, commitments, meetings and citation coverage."),
        CreateTag("changes", "Change feed for clients that maintain a copy of the data set."),
        CreateTag("exports", "Files with the whole data set, built every day."),
        CreateTag("mirror", "Digests for the verification of a copy."),
        CreateTag("imports", "Import of a bundle of records in one transaction."),
        CreateTag("keys", "API keys. Only an Admin can manage keys."),
        CreateTag("status", "Status of the service."),
    ];

    private static OpenApiTag CreateTag(string name, string description) => new() { Name = name, Description = description };

    private static string? GetMethod(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0];

    // The first segment after `v1`: operations below it share the component of the path parameter.
    private static string GetPathPrefix(RouteEndpoint endpoint) =>
        OperationDescription.ToPascalCase(endpoint.RoutePattern.RawText!.Trim('/').Split('/')[1]);

    private OpenApiOperation Describe(OperationDescription operation, string pathPrefix, OpenApiDocument document,
        DocumentFilterContext context)
    {
        var isRead = operation.Method == HttpMethod.Get;
        var result = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = operation.Summary,
            Description = operation.RequiredRole is { } role ? $"{operation.Description} Requires role {role}." : operation.Description,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [],
            Security = CreateSecurity(operation, document),
            RequestBody = CreateRequestBody(operation, document, context),
            Responses = new() { [FormatStatus(operation.SuccessStatus)] = AddSuccessResponse(operation, document, context) },
        };
        if (operation.PathIdExample is { } id)
            result.Parameters.Add(GetOrAddPathId(document, pathPrefix, CreatePathParameter("id", "The identifier.", id)));
        if (operation.OtherPathIdExample is { } otherId)
            result.Parameters.Add(CreatePathParameter("other", "The identifier of the other record, of the same type.", otherId()));
        foreach (var parameter in operation.GetParameters())
        {
            var prefix = parameter.IsScopedToOwner ? OperationDescription.ToPascalCase(operation.ComponentPrefix) : "";
            result.Parameters.Add(
                GetOrAddParameter(document, prefix + OperationDescription.ToPascalCase(parameter.Name),
                    () => CreateQueryParameter(parameter)));
        }
        if (isRead)
            result.Parameters.Add(new OpenApiParameterReference("IfNoneMatch", document));
        if (operation.IsConditional)
        {
            foreach (var header in operation.MayCreate
                ? ["IfMatch", "IfNoneMatchAny", "Prefer"]
                : operation.ResponseType is null || operation.Method == HttpMethod.Post ? ["IfMatch"] : new[] { "IfMatch", "Prefer" })
                result.Parameters.Add(new OpenApiParameterReference(header, document));
        }
        if (operation.MayCreate)
            result.Responses["201"] = result.Responses[FormatStatus(operation.SuccessStatus)];
        result.Parameters.Add(new OpenApiParameterReference("AcceptLanguage", document));
        foreach (var status in GetErrorStatuses(operation).Order())
            result.Responses[FormatStatus(status)] = new OpenApiResponseReference(SharedComponents.ErrorResponses[status], document);
        result.Responses["default"] = new OpenApiResponseReference("Unexpected", document);
        return result;
    }

    private static IEnumerable<int> GetErrorStatuses(OperationDescription operation) =>
    [
        400, 401, 406, 429, 500, 503,
        .. operation.Method == HttpMethod.Get ? [304] : Array.Empty<int>(),
        .. operation.RequiredRole is null ? [] : new[] { 403 },
        .. operation.PathIdExample is null ? [] : new[] { 404 },
        .. operation.Body is null && operation.AlternativeBodies.Count == 0 ? [] : new[] { 413, 415 },
        .. operation.ErrorStatuses,
    ];

    private static string FormatStatus(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the security requirement: an API key if the operation requires a role, else an optional API key.</summary>
    // Reads have no policy of their own. They require a key if there is a fallback policy.
    private List<OpenApiSecurityRequirement> CreateSecurity(OperationDescription operation, OpenApiDocument document) =>
        operation.RequiredRole is null && authorization.Value.FallbackPolicy is null
            ? []
            : [new() { [new OpenApiSecuritySchemeReference(SharedComponents.SecuritySchemeName, document)] = [] }];

    private static OpenApiRequestBody? CreateRequestBody(OperationDescription operation, OpenApiDocument document,
        DocumentFilterContext context)
    {
        var content = new Dictionary<string, OpenApiMediaType>(operation.AlternativeBodies);
        if (operation.Body is var (bodyType, createExample))
        {
            content[operation.BodyMediaType] = new()
            {
                Schema = operation.IsPatch
                    ? MergePatchSchema.Create(bodyType, document, context)
                    : context.SchemaGenerator.GenerateSchema(bodyType, context.SchemaRepository),
                Example = createExample(),
            };
        }
        if (content.Count == 0)
            return null;
        return new() { Required = true, Description = "UTF-8, not compressed. Unknown members are rejected.", Content = content };
    }

    private static OpenApiResponseReference AddSuccessResponse(OperationDescription operation, OpenApiDocument document,
        DocumentFilterContext context)
    {
        var (name, createExample) = operation.Example;
        if (operation.ResponseType is not { } responseType)
        {
            document.Components!.Responses!.TryAdd(name,
                new OpenApiResponse
                {
                    Description = "No content.",
                    Headers = SharedComponents.CreateHeaderReferences(document, SharedComponents.CommonHeaders),
                });
        }
        else if (!document.Components!.Responses!.ContainsKey(name))
        {
            var examples = new Dictionary<string, IOpenApiExample>();
            if (createExample() is { } exampleNode)
            {
                document.Components.Examples![name] = operation.RequiredRole is null
                    ? ShortenExample(exampleNode)
                    : new OpenApiExample { Summary = "Fictitious data.", Value = exampleNode };
                examples[operation.RequiredRole is null ? "seed" : "fictitious"] = new OpenApiExampleReference(name, document);
            }
            document.Components.Responses[name] = new OpenApiResponse
            {
                Description = operation.SupportsFileFormats
                    ? FileFormatSchemas.Description
                    : operation.IsPage ? "A page of the list." : operation.SuccessStatus == 201 ? "Created." : "OK.",
                Headers = SharedComponents.CreateHeaderReferences(document, [
                    .. SharedComponents.CommonHeaders,
                    .. operation.Method == HttpMethod.Get ? ["ETag"] : Array.Empty<string>(),
                    .. operation.SuccessStatus == 201 ? ["Location"] : Array.Empty<string>(),
                    .. operation.IsPage ? ["Link"] : Array.Empty<string>(),
                    .. operation.SupportsFileFormats ? FileFormatSchemas.Headers : []]),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(responseType, context.SchemaRepository),
                        Examples = examples,
                    },
                },
            };
            if (operation.SupportsFileFormats)
                FileFormatSchemas.AddTo(document.Components.Responses[name].Content!, document);
        }
        return new(name, document);
    }

    /// <summary>
    /// Removes all but the first <see cref="MaxExampleCitations"/> citations of each record; the summary states the omission.
    /// </summary>
    private static OpenApiExample ShortenExample(JsonNode example)
    {
        var isShortened = false;
        foreach (var record in (example["items"] as JsonArray)?.OfType<JsonObject>() ?? [example.AsObject()])
        {
            if (record["citations"] is not JsonArray { Count: > MaxExampleCitations } citations)
                continue;
            citations.RemoveRange(MaxExampleCitations, citations.Count - MaxExampleCitations);
            isShortened = true;
        }
        return new() { Summary = isShortened ? "From the seed data; some citations are omitted." : "From the seed data.", Value = example };
    }

    private static OpenApiParameter CreatePathParameter(string name, string description, string exampleId) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = Patterns.Slug,
            MinLength = 1,
            MaxLength = Limits.MaxSlugLength,
        },
        Example = JsonValue.Create(exampleId),
    };

    private static OpenApiParameter CreateQueryParameter(QueryParameter parameter)
    {
        var schema = parameter.Schema;
        // Lists are comma-separated values in one parameter (style `form`, no explode).
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

    // A nested list can have another example than the record: its example has items.
    private static IOpenApiParameter GetOrAddPathId(OpenApiDocument document, string pathPrefix, OpenApiParameter parameter)
    {
        var name = pathPrefix + "PathId";
        var reference = GetOrAddParameter(document, name, () => parameter);
        return JsonNode.DeepEquals(document.Components!.Parameters![name].Example, parameter.Example) ? reference : parameter;
    }

    private static OpenApiParameterReference GetOrAddParameter(OpenApiDocument document, string name, Func<OpenApiParameter> create)
    {
        var parameters = document.Components!.Parameters!;
        if (!parameters.ContainsKey(name))
            parameters[name] = create();
        return new(name, document);
    }
}
