using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>The components that all operations share: headers, header parameters, the security scheme and error responses.</summary>
internal static class SharedComponents
{
    /// <summary>The headers of every response, including problems.</summary>
    public static readonly IReadOnlyList<string> CommonHeaders =
        ["API-Version", "Access-Control-Allow-Origin", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy"];

    /// <summary>The name of the security scheme.</summary>
    public const string SecuritySchemeName = "key";

    /// <summary>The component names of the responses other than success, by status.</summary>
    public static readonly IReadOnlyDictionary<int, string> ErrorResponses = new Dictionary<int, string>
    {
        [304] = "NotModified",
        [206] = "PartialFile",
        [308] = "Moved",
        [400] = "BadRequest",
        [401] = "Unauthorized",
        [403] = "Forbidden",
        [404] = "NotFound",
        [406] = "NotAcceptable",
        [409] = "Conflict",
        [410] = "Gone",
        [412] = "PreconditionFailed",
        [413] = "TooLarge",
        [415] = "UnsupportedMediaType",
        [416] = "RangeNotSatisfiable",
        [428] = "PreconditionRequired",
        [429] = "TooManyRequests",
        [500] = "InternalError",
        [503] = "Unavailable",
    };

    // Kestrel itself rejects other characters in headers, without a problem document.
    // A request line has up to 65,536 bytes. The URL of a redirect or of the next page repeats its query with another id or cursor.
    private const int MaxUrlLength = 70_000;

    private const string PrintablePattern = "^[\\x20-\\x7E]+$";

    /// <summary>Adds the components to the document.</summary>
    public static void AddTo(OpenApiDocument document, DocumentFilterContext context)
    {
        var components = document.Components!;
        components.Examples = new Dictionary<string, IOpenApiExample>();
        components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["API-Version"] = CreateHeader("Version of the API.", StandardHeaders.ApiVersion, Patterns.Version, 20),
            ["Accept"] = CreateHeader("Media types that the service accepts; sent if the request body has any other media type.",
                "application/json", "^[a-z/+., -]+$", 200),
            ["Accept-Encoding"] = CreateHeader("Encodings that the service accepts; sent if the request body has any other encoding.",
                "identity", "^identity$", 8),
            ["Accept-Ranges"] = CreateHeader("The unit of `Range`.", "bytes", "^bytes$", 5),
            ["Access-Control-Allow-Origin"] = CreateHeader(
                "Origins whose scripts may read the response; `*` by default. Sent if the request has `Origin`.", "*",
                @"^(\*|https?://[a-z0-9.:-]+)$", 300),
            ["Allow"] = CreateHeader("Methods that the URL supports; sent with 405.", "GET, HEAD", "^[A-Z, ]+$", 100),
            ["Cache-Control"] = CreateHeader(
                "`no-cache`: revalidate with `If-None-Match` before reuse. `private`: reading requires an API key. `no-store`: problems "
                + "and API keys.",
                "no-cache", "^(private, )?(no-cache|no-store)$", 17),
            ["Content-Disposition"] = CreateHeader("File name; sent with a file.", "attachment; filename=\"meetings.csv\"",
                "^attachment; filename=\"[a-z0-9.-]+\"$", 300),
            ["Content-Language"] = CreateHeader("Language of the problem texts or of the workbook headings.", "en", "^(en|vi)$", 2),
            ["Content-Range"] = CreateHeader("The sent part of the file, or the size of the file with 416.", "bytes 1000-18210/18211",
                "^bytes ([0-9]+-[0-9]+|\\*)/[0-9]+$", 70),
            ["ETag"] = CreateHeader(
                "Entity tag of the response. The entity tag of a list is weak and changes with every revision of the data set.",
                "\"5f0c2b9a41d7-203\"", "^(W/)?\"[a-z0-9-]+\"$", 100),
            ["Last-Modified"] = CreateHeader("The time at which the file was created.", "Sun, 22 Nov 2026 18:30:00 GMT",
                "^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$", 29),
            ["Link"] = CreateHeader(
                "URL of the next page, with `rel=\"next\"`; absent on the last page. With 410, the URL of the latest export. With a "
                + "problem, the page that explains its code, with `rel=\"help\"`, if the service has pages.",
                "</v1/meetings?limit=1&cursor=Y29tZS1vbg>; rel=\"next\"",
                "^<[^>]+>; rel=\"[a-z-]+\"(, ?<[^>]+>; rel=\"[a-z-]+\")*$",
                MaxUrlLength),
            ["Location"] = CreateHeader("URL of the created resource, or the target of the redirect.", "/v1/keys/k3j9x2ab",
                "^/v1(/[a-z0-9-]+)+([?].*)?$", MaxUrlLength),
            ["Preference-Applied"] = CreateHeader("The preference of the request that the service applied.", "return=minimal",
                "^return=minimal$", 14),
            ["RateLimit"] = CreateHeader(
                "Remaining requests (`r`) and seconds until the limit resets (`t`); sent if a limit is configured.",
                "\"default\";r=99;t=42", "^\"(default|key)\";r=[0-9]+;t=[0-9]+$", 50),
            ["RateLimit-Policy"] = CreateHeader(
                "Requests per window (`q`) and length of the window in seconds (`w`); sent if a limit is configured.",
                "\"default\";q=100;w=60", "^\"(default|key)\";q=[0-9]+;w=[0-9]+$", 50),
            ["Repr-Digest"] = CreateHeader("The SHA-256 of the whole file (RFC 9530).",
                "sha-256=:LCa0a2j/xo/5m0U8HTBBNBNCclXkZh6p9b2Kv5F4Q1s=:", "^sha-256=:[A-Za-z0-9+/]{43}=:$", 54),
            ["Retry-After"] = CreateHeader("Seconds until the request can be retried.", "5", "^[0-9]+$", 10),
            ["Row-Count"] = CreateHeader("Number of rows in the file, not counting the heading; sent with a file, before the first row.",
                "30", "^[0-9]+$", 19),
            ["WWW-Authenticate"] = CreateHeader("Authentication challenge (RFC 6750).", "Bearer realm=\"CooperationApi\"",
                "^Bearer realm=\"CooperationApi\"(, [a-z]+=\"[A-Za-z_]+\")*$", 200),
            ["X-Accel-Buffering"] = CreateHeader("Turns off the buffering of nginx.", "no", "^no$", 2),
            ["Vary"] = CreateHeader("Request headers that select the representation.", "Accept, Accept-Encoding", "^[A-Za-z, -]+$", 100),
        };
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SecuritySchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "API key of this service (`coop_…`), or token of the configured identity provider (RFC 6750, RFC 8725). "
                    + "Send it over TLS, and never in a URL.",
            },
        };
        components.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            ["IfNoneMatch"] = CreateHeaderParameter("If-None-Match",
                "`ETag` of an earlier response; if it still matches, the response is an empty 304.", "\"5f0c2b9a41d7-203\"", 2000),
            ["IfMatch"] = CreateIfMatch("Required unless the request has `If-None-Match`."),
            ["IfMatchRequired"] = CreateIfMatch("", isRequired: true),
            ["IfMatchSource"] = CreateIfMatch("Optional: the record that is merged."),
            ["IfNoneMatchAny"] = CreateHeaderParameter("If-None-Match", "`*`: create the record only if it does not exist.", "*", 2000),
            ["Range"] = CreateHeaderParameter("Range", "The requested bytes of the file; the response is then 206.", "bytes=0-999", 200),
            ["IfRange"] = CreateHeaderParameter("If-Range",
                "`ETag` of the first part; if the file differs, the response is the whole file.",
                "\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"", 200),
            ["LastEventId"] = CreateHeaderParameter("Last-Event-ID", "The id of the last event: the stream continues after it.", "*",
                Limits.MaxCursorLength),
            ["Prefer"] =
                CreateHeaderParameter("Prefer", "`return=minimal`: omit the record from the response (RFC 7240).", "return=minimal", 200),
            ["AcceptLanguage"] =
                CreateHeaderParameter("Accept-Language", "Language of problem texts and workbook headings: `en` or `vi`.", "vi", 200),
        };
        var problemSchema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        // The exceptions of Kiota's clients have the member with this extension as their message.
        ((OpenApiSchema)context.SchemaRepository.Schemas[nameof(Problem)].Properties!["detail"]).Extensions =
            new Dictionary<string, IOpenApiExtension> { ["x-ms-primary-error-message"] = new JsonNodeExtension(JsonValue.Create(true)) };
        components.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["Saved"] = new OpenApiResponse
            {
                Description = "Saved. The request had `Prefer: return=minimal`, so the record is omitted.",
                Headers = CreateHeaderReferences(document, [.. CommonHeaders, "ETag", "Preference-Applied"]),
            },
            ["PartialFile"] = new OpenApiResponse
            {
                Description = "The requested part of the file.",
                Headers = CreateHeaderReferences(document,
                    [.. CommonHeaders, "ETag", "Accept-Ranges", "Content-Disposition", "Content-Range", "Last-Modified", "Repr-Digest"]),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/gzip"] = new() { Schema = CreateContentSchema("A part of a gzip file.", "application/gzip") },
                    ["application/zstd"] = new() { Schema = CreateContentSchema("A part of a Zstandard file.", "application/zstd") },
                },
            },
            ["NotModified"] = new OpenApiResponse
            {
                Description = "The resource has not changed since the response with this `ETag`.",
                Headers = CreateHeaderReferences(document, [.. CommonHeaders, "ETag", "Link"]),
            },
            ["Moved"] = new OpenApiResponse
            {
                Description = "The record was merged into another record; `Location` is its URL with the same query.",
                Headers = CreateHeaderReferences(document, [.. CommonHeaders, "ETag", "Location"]),
            },
            ["BadRequest"] = CreateErrorResponse("Invalid request; `errors` lists the errors.", ProblemException.InvalidRequest(
                [RequestError.NotOneOf("unknown_parameter", "provnceId", ["provinceId", "kind"]) with { Parameter = "provnceId" }])),
            ["Unauthorized"] = CreateErrorResponse(
                "The API key is missing or invalid. An invalid key is rejected even if no key is required.", new(401, "key_missing"),
                "WWW-Authenticate"),
            ["Forbidden"] = CreateErrorResponse("The role or the provinces of the API key do not allow the operation.",
                new(403, "role_insufficient", "Admin"), "WWW-Authenticate"),
            ["Conflict"] = CreateErrorResponse("The request conflicts with the current data.", new(409, "last_admin_key", "k3j9x2ab")),
            ["Gone"] = CreateErrorResponse("The record or resource existed and is no longer available.",
                new(410, "record_deleted", "meetings", "hoi-nghi",
                    new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero), "deleted")),
            ["PreconditionFailed"] = CreateErrorResponse("The record does not match `If-Match` or `If-None-Match`.",
                new(412, "precondition_failed", "meetings", "hoi-nghi"), "ETag"),
            ["PreconditionRequired"] = CreateErrorResponse("`If-Match` or `If-None-Match` is required.", new(428, "precondition_required")),
            ["TooLarge"] = CreateErrorResponse("The request body is too large.", new(413, "payload_too_large")),
            ["UnsupportedMediaType"] = CreateErrorResponse("The request body has another media type or charset, or is compressed.",
                new(415, "unsupported_media_type", "application/json"), "Accept", "Accept-Encoding"),
            ["RangeNotSatisfiable"] = CreateErrorResponse("The requested range is not in the file.", new(416, "range_not_satisfiable"),
                "Content-Range"),
            ["NotFound"] = CreateErrorResponse("The resource does not exist.", new(404, "record_not_found", "meetings", "hoi-nghi")),
            ["NotAcceptable"] =
                CreateErrorResponse("The request accepts none of the available formats.", new(406, "not_acceptable", "application/json")),
            ["TooManyRequests"] = CreateErrorResponse("The rate limit is exceeded.", new(429, "too_many_requests"), "Retry-After"),
            ["InternalError"] = CreateErrorResponse("Internal error, logged under the trace id.", new(500, "internal_error")),
            ["Unavailable"] = CreateErrorResponse("The service is temporarily unavailable.", new(503, "unavailable"), "Retry-After"),
            ["Unexpected"] = CreateErrorResponse("Any other problem.", new(405, "method_not_allowed", "DELETE"), "Allow"),
        };

        OpenApiParameter CreateIfMatch(string addition, bool isRequired = false)
        {
            var parameter = CreateHeaderParameter("If-Match",
                "`ETag` of the record as last read, such as `\"5f0c2b9a41d7-203\"`; the request fails with 412 if the record has changed "
                + $"since. `*`: any version of the record. {addition}".TrimEnd(), "*", 2000);
            parameter.Required = isRequired;
            return parameter;
        }

        OpenApiResponse CreateErrorResponse(string description, ProblemException example, params string[] headers) => new()
        {
            Description = description,
            Headers = CreateHeaderReferences(document, [.. CommonHeaders, "Content-Language", "Link", .. headers]),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemMiddleware.ContentType] = new OpenApiMediaType
                {
                    Schema = problemSchema,
                    Example = JsonSerializer.SerializeToNode(
                        ProblemMiddleware.CreateDocument(example, Language.English, ProblemGuides.ExampleTraceId), ApiJson.Options),
                },
            },
        };
    }

    /// <summary>Creates references to the header components with these names.</summary>
    public static Dictionary<string, IOpenApiHeader> CreateHeaderReferences(OpenApiDocument document, IEnumerable<string> names) =>
        names.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));

    /// <summary>Creates the schema of content that is not JSON.</summary>
    public static OpenApiSchema CreateContentSchema(string description, string mediaType) => new()
    {
        Type = JsonSchemaType.String,
        Format = mediaType == "text/event-stream" ? null : "binary",
        Pattern = mediaType == "text/event-stream" ? Patterns.AnyText : null,
        MaxLength = int.MaxValue,
        Description = description,
    };

    private static OpenApiHeader CreateHeader(string description, string example, string pattern, int maxLength) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern, MaxLength = maxLength },
        Example = JsonValue.Create(example),
    };

    private static OpenApiParameter CreateHeaderParameter(string name, string description, string example, int maxLength) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = PrintablePattern, MinLength = 1, MaxLength = maxLength },
        Example = JsonValue.Create(example),
    };
}
