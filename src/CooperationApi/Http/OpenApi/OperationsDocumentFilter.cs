using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
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
    // The order of the operations of a path.
    private static readonly string[] Methods = ["GET", "PUT", "POST", "PATCH", "DELETE"];

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Tags = CreateTags().ToHashSet();
        document.Paths = [];
        document.Components ??= new();
        SharedComponents.AddTo(document, context);
        var described = new List<(OpenApiOperation Target, OperationDescription Description)>();
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
                IsAlwaysAnonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
                IsDeprecated = endpoint.Metadata.GetMetadata<OperationDeprecation>() is not null,
                IsRateLimited = endpoint.Metadata.GetMetadata<DisableRateLimitingAttribute>() is null,
            };
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (!document.Paths.TryGetValue(path, out var item))
                document.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
            var target = Describe(operation, GetPathPrefix(endpoint), document, context);
            item.Operations![operation.Method] = target;
            described.Add((target, operation));
        }
        ExpansionSchemas.AddTo(document, catalog);
        ChangeSchemas.AddTo(document, catalog);
        // After all responses: the schema of a request differs from the schema of the same type in responses.
        foreach (var (_, description) in described.Where(operation => operation.Description.Body is not null))
            context.SchemaGenerator.GenerateSchema(description.Body!.Value.Type, context.SchemaRepository);
        var requestSchemas = new RequestSchemas(document);
        foreach (var (target, description) in described)
            target.RequestBody = CreateRequestBody(description, requestSchemas);
        EnumSchemas.AddTo(document, catalog);
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
        CreateTag("status", "Status, health and documents of the service."),
    ];

    private static OpenApiTag CreateTag(string name, string description) => new() { Name = name, Description = description };

    private static string? GetMethod(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0];

    // The first segment after `v1`: operations below it share the component of the path parameter.
    private static string GetPathPrefix(RouteEndpoint endpoint) =>
        OperationDescription.ToPascalCase(endpoint.RoutePattern.RawText!.Trim('/').Split('/')[1]);

    private OpenApiOperation Describe(OperationDescription operation, string pathPrefix, OpenApiDocument document,
        DocumentFilterContext context)
    {
        var result = new OpenApiOperation
        {
            OperationId = operation.Id,
            Deprecated = operation.IsDeprecated,
            Summary = operation.Summary,
            Description = operation.RequiredRole is { } role ? $"{operation.Description} Requires role {role}." : operation.Description,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [],
            Security = CreateSecurity(operation, document),
            Responses = new() { [FormatStatus(operation.SuccessStatus)] = SuccessResponses.Add(operation, document, context) },
        };
        foreach (var parameter in operation.PathParameters)
            result.Parameters.Add(GetOrAddPathParameter(document, pathPrefix, CreatePathParameter(parameter)));
        foreach (var parameter in operation.GetParameters())
        {
            var prefix = parameter.IsScopedToOwner ? OperationDescription.ToPascalCase(operation.ComponentPrefix) : "";
            result.Parameters.Add(
                GetOrAddParameter(document, prefix + OperationDescription.ToPascalCase(parameter.Name),
                    () => CreateQueryParameter(parameter)));
        }
        foreach (var header in GetHeaderParameters(operation))
            result.Parameters.Add(new OpenApiParameterReference(header, document));
        if (operation.MayCreate)
            result.Responses["201"] = SuccessResponses.AddCreated(operation, document);
        if (operation.ReturnsSavedRecord)
            result.Responses["204"] = new OpenApiResponseReference("Saved", document);
        foreach (var status in GetErrorStatuses(operation).Order())
            result.Responses[FormatStatus(status)] = new OpenApiResponseReference(SharedComponents.ErrorResponses[status], document);
        result.Responses["default"] = new OpenApiResponseReference("Unexpected", document);
        return result;
    }

    /// <summary>Returns the component names of the header parameters.</summary>
    private static IEnumerable<string> GetHeaderParameters(OperationDescription operation)
    {
        if (operation.IfMatch is { } ifMatch)
            yield return ifMatch;
        if (operation.MayCreate)
            yield return "IfNoneMatchAny";
        if (operation.SupportsNotModified)
            yield return "IfNoneMatch";
        if (operation.ReturnsSavedRecord)
            yield return "Prefer";
        foreach (var header in operation.OtherRequestHeaders)
            yield return header;
        yield return "AcceptLanguage";
    }

    private static List<int> GetErrorStatuses(OperationDescription operation)
    {
        var statuses = new List<int>(operation.OtherStatuses) { 400, 401, 500 };
        if (!operation.IsIndependentOfStore)
            statuses.Add(503);
        if (operation.IsRateLimited)
            statuses.Add(429);
        if (!operation.IgnoresAccept)
            statuses.Add(406);
        if (operation.SupportsNotModified)
            statuses.Add(304);
        if (operation.RequiredRole is not null)
            statuses.Add(403);
        if (operation.PathParameters.Count > 0)
            statuses.Add(404);
        if (operation.IfMatch is not null)
            statuses.Add(412);
        if (operation.Body is not null || operation.AlternativeBodies.Count > 0)
            statuses.Add(415);
        if (operation.HasBodySizeLimit && statuses.Contains(415))
            statuses.Add(413);
        return statuses;
    }

    private static string FormatStatus(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the security requirement: an API key if the operation requires a role, else an optional API key.</summary>
    // Reads have no policy of their own. They require a key if there is a fallback policy.
    private List<OpenApiSecurityRequirement> CreateSecurity(OperationDescription operation, OpenApiDocument document) =>
        operation.IsAlwaysAnonymous || operation.RequiredRole is null && authorization.Value.FallbackPolicy is null
            ? []
            : [new() { [new OpenApiSecuritySchemeReference(SharedComponents.SecuritySchemeName, document)] = [] }];

    private static OpenApiRequestBody? CreateRequestBody(OperationDescription operation, RequestSchemas schemas)
    {
        // In this order, because Swagger UI selects the first media type.
        var content = new Dictionary<string, OpenApiMediaType>();
        if (operation.Body is var (bodyType, createExample))
        {
            content[operation.BodyMediaType] = new()
            {
                Schema = operation.IsPatch ? schemas.CreatePatch(bodyType.Name)
                    : bodyType.IsSubclassOf(typeof(Record)) ? schemas.CreateRecordInput(bodyType.Name) : schemas.CreateInput(bodyType.Name),
                Example = createExample(),
            };
        }
        foreach (var (mediaType, body) in operation.AlternativeBodies)
            content[mediaType] = body;
        if (content.Count == 0)
            return null;
        return new() { Required = true, Description = "UTF-8, not compressed. Unknown members are rejected.", Content = content };
    }

    private static OpenApiParameter CreatePathParameter(PathParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Path,
        Required = true,
        Description = parameter.Description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = parameter.Pattern,
            MinLength = 1,
            MaxLength = parameter.MaxLength,
        },
        Example = JsonValue.Create(parameter.GetExample()),
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

    // A nested list can have another example than the record: its example has items. So can a removal: no other record refers to it.
    private static IOpenApiParameter GetOrAddPathParameter(OpenApiDocument document, string pathPrefix, OpenApiParameter parameter)
    {
        var name = pathPrefix + OperationDescription.ToPascalCase(parameter.Name!);
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
