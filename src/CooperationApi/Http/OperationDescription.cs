using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>
/// The metadata of an endpoint for the OpenAPI document. It includes the metadata that `WithName`, `WithTags`, `WithSummary`,
/// `WithDescription` and `Produces` add. Those cannot declare query parameters that a handler reads from the request, examples, and shared
/// components: without shared components, the document with 130 operations has 4.1 MB instead of 0.54 MB.
/// </summary>
internal sealed record OperationDescription(string Id, string Tag, string Summary, string Description)
    : IEndpointNameMetadata, ITagsMetadata, IEndpointSummaryMetadata, IEndpointDescriptionMetadata, IProducesResponseTypeMetadata
{
    /// <summary>Converts words or a path segment to Pascal case: `cooperation-groups` to `CooperationGroups`.</summary>
    public static string ToPascalCase(string words) =>
        string.Concat(words.Split('-', ' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The HTTP method of the endpoint; every method except GET changes data.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The role that the policy of the endpoint requires. Null for reads, which are open or require Reader.</summary>
    public string? RequiredRole { get; init; }

    /// <summary>True if the operation never requires an API key.</summary>
    public bool IsAlwaysAnonymous { get; init; }

    /// <summary>True if the endpoint has an <see cref="OperationDeprecation"/>.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>True if the operation responds without the store.</summary>
    public bool IsIndependentOfStore { get; init; }

    /// <summary>True if a longer body is rejected with 413.</summary>
    public bool HasBodySizeLimit { get; init; } = true;

    /// <summary>True if the rate limits count the requests.</summary>
    public bool IsRateLimited { get; init; } = true;

    /// <summary>The type and an example of the request body.</summary>
    public (Type Type, Func<JsonNode?> CreateExample)? Body { get; init; }

    /// <summary>The request bodies that are accepted besides <see cref="Body"/>, by media type.</summary>
    public IReadOnlyDictionary<string, OpenApiMediaType> AlternativeBodies { get; init; } = new Dictionary<string, OpenApiMediaType>();

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string BodyMediaType { get; init; } = "application/json";

    /// <summary>True if the body is a JSON Merge Patch of the body type.</summary>
    public bool IsPatch { get; init; }

    /// <summary>The component name of the parameter `If-Match`, if the operation accepts it.</summary>
    public string? IfMatch { get; init; }

    /// <summary>True if the operation may also create the record and then returns 201. It then accepts `If-None-Match: *`.</summary>
    public bool MayCreate { get; init; }

    /// <summary>True if the response is the saved record with its ETag, or 204 with `Prefer: return=minimal`.</summary>
    public bool ReturnsSavedRecord { get; init; }

    /// <summary>True if the response to a GET has an ETag.</summary>
    public bool HasETag { get; init; } = true;

    /// <summary>The status of success: 200, 201 for a created resource, 204 for a response without a body.</summary>
    public int SuccessStatus { get; init; } = 200;

    /// <summary>The statuses of redirects and errors beyond those that follow from the other properties.</summary>
    public IReadOnlyList<int> OtherStatuses { get; init; } = [];

    /// <summary>True if the operation sends only its own media types: it does not read `Accept`.</summary>
    public bool IgnoresAccept { get; init; }

    /// <summary>The descriptions of the response bodies that are not JSON, by media type.</summary>
    public IReadOnlyDictionary<string, string> OtherContent { get; init; } = new Dictionary<string, string>();

    /// <summary>The component names of header parameters beyond those that follow from the other properties.</summary>
    public IReadOnlyList<string> OtherRequestHeaders { get; init; } = [];

    /// <summary>The response headers beyond those that follow from the other properties.</summary>
    public IReadOnlyList<string> OtherResponseHeaders { get; init; } = [];

    /// <summary>The type of the JSON response body; null for a response without one.</summary>
    public required Type? ResponseType { get; init; }

    /// <summary>The component name of the response, which equal responses share, and an example if there is one.</summary>
    public required (string Name, Func<JsonNode?> Create) Example { get; init; }

    /// <summary>The prefix of the component names of parameters with <see cref="QueryParameter.IsScopedToOwner"/>.</summary>
    public string ComponentPrefix { get; init; } = Tag;

    /// <summary>
    /// Returns the query parameters. Only the document needs them all; created for each route at start, they would take a tenth of the time
    /// to the first response.
    /// </summary>
    public Func<IReadOnlyList<QueryParameter>> GetParameters { get; init; } = () => [];

    /// <summary>The parameters of the path.</summary>
    public IReadOnlyList<PathParameter> PathParameters { get; init; } = [];

    /// <summary>True if the response is a page with a `Link` header to the next page.</summary>
    public bool IsPage { get; init; }

    /// <summary>True if the whole list is also available as a file in a format other than JSON.</summary>
    public bool SupportsFileFormats { get; init; }

    /// <summary>True if a request with `If-None-Match` can get 304.</summary>
    public bool SupportsNotModified => Method == HttpMethod.Get && HasETag;

    string IEndpointNameMetadata.EndpointName => Id;

    IReadOnlyList<string> ITagsMetadata.Tags => [Tag];

    Type? IProducesResponseTypeMetadata.Type => ResponseType;

    int IProducesResponseTypeMetadata.StatusCode => SuccessStatus;

    IEnumerable<string> IProducesResponseTypeMetadata.ContentTypes => ResponseType is null ? [] : ["application/json"];
}
