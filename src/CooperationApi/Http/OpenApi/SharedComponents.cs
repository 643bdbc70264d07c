using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>What every operation refers to: headers that come and go, and the problems that can come instead of an answer.</summary>
internal static class SharedComponents
{
    /// <summary>The headers of whatever is answered, problems included.</summary>
    public static readonly IReadOnlyList<string> CommonHeaders =
        ["API-Version", "Access-Control-Allow-Origin", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy"];

    /// <summary>The name of the one way to say who asks.</summary>
    public const string SecuritySchemeName = "key";

    /// <summary>What an operation can be refused with, and the answer's name.</summary>
    public static readonly IReadOnlyDictionary<int, string> ErrorResponses = new Dictionary<int, string>
    {
        [304] = "NotModified",
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
        [428] = "PreconditionRequired",
        [429] = "TooManyRequests",
        [500] = "InternalError",
        [503] = "Unavailable",
    };

    // Kestrel itself refuses anything else in a header, without a problem document.
    private const string PrintablePattern = "^[\\x20-\\x7E]+$";

    /// <summary>Adds them to the document.</summary>
    public static void AddTo(OpenApiDocument document, DocumentFilterContext context)
    {
        var components = document.Components!;
        components.Examples = new Dictionary<string, IOpenApiExample>();
        components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["API-Version"] = CreateHeader("The version of the API.", StandardHeaders.ApiVersion, @"^[0-9]+\.[0-9]+\.[0-9]+$", 20),
            ["Accept"] = CreateHeader("The types that are taken; sent if the body has another.", "application/json", "^[a-z/+., -]+$", 200),
            ["Accept-Encoding"] = CreateHeader("The encodings that are taken; sent if the body has another.", "identity", "^identity$", 8),
            ["Access-Control-Allow-Origin"] = CreateHeader("The web pages whose scripts may read: any, unless the service is configured otherwise.", "*", @"^(\*|https?://[a-z0-9.:-]+)$", 300),
            ["Allow"] = CreateHeader("The methods that the address knows; sent with 405.", "GET, HEAD", "^[A-Z, ]+$", 100),
            ["Cache-Control"] = CreateHeader(
                "Answers may be kept, but ask again with `If-None-Match` before using them; by nobody but you where reading takes a key. Problems are not kept, nor what is about keys.",
                "no-cache", "^(private, )?(no-cache|no-store)$", 17),
            ["Content-Disposition"] = CreateHeader("The file's name; sent with a file.", "attachment; filename=\"meetings.csv\"", "^attachment; filename=\"[a-z0-9.-]+\"$", 300),
            ["Content-Language"] = CreateHeader("The language of the explanation, or of a workbook's headings.", "en", "^(en|vi)$", 2),
            ["ETag"] = CreateHeader("The tag of this state of the answer; weak on lists, which follow every change.", "\"5f0c2b9a41d7-203\"", "^(W/)?\"[a-z0-9-]+\"$", 100),
            ["Last-Modified"] = CreateHeader("When the record was last changed.", "Sun, 22 Nov 2026 08:00:00 GMT", "^[A-Za-z0-9,: ]+$", 29),
            ["Link"] = CreateHeader("The address of the next page, with `rel=\"next\"`; absent on the last.", "</v1/meetings?limit=1&cursor=Y29tZS1vbg>; rel=\"next\"", "^<[^>]+>; rel=\"next\"$", 10_000),
            ["Location"] = CreateHeader("The address of what was made, or where what is asked for is now.", "/v1/keys/k3j9x2ab", "^/v1(/[a-z0-9-]+)+([?].*)?$", 10_000),
            ["RateLimit"] = CreateHeader("The requests that are left, and the seconds until there are more. Sent when a limit is set.", "\"default\";r=99;t=42", "^\"(default|key)\";r=[0-9]+;t=[0-9]+$", 50),
            ["RateLimit-Policy"] = CreateHeader("The requests that a window allows, and its seconds. Sent when a limit is set.", "\"default\";q=100;w=60", "^\"(default|key)\";q=[0-9]+;w=[0-9]+$", 50),
            ["Retry-After"] = CreateHeader("When to try again, in seconds.", "5", "^[0-9]+$", 10),
            ["Row-Count"] = CreateHeader("How many rows the file has, headings apart, counted before the first is sent; sent with a file.", "30", "^[0-9]+$", 19),
            ["WWW-Authenticate"] = CreateHeader("How to say who asks (RFC 6750).", "Bearer realm=\"CooperationApi\"", "^Bearer realm=\"CooperationApi\"(, [a-z]+=\"[A-Za-z_]+\")*$", 200),
            ["Vary"] = CreateHeader("What of the request decides the representation.", "Accept, Accept-Encoding", "^[A-Za-z, -]+$", 100),
        };
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SecuritySchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key of this service (`coop_…`), or a token of the identity provider that it is configured with (RFC 6750, RFC 8725). Sent over TLS, and never in an address.",
            },
        };
        components.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            ["IfNoneMatch"] = CreateHeaderParameter("If-None-Match", "The `ETag` of an earlier answer: if it still stands, the answer is an empty 304.", "\"5f0c2b9a41d7-203\"", 2000),
            ["IfMatch"] = CreateHeaderParameter("If-Match", "The `ETag` of the record as you know it: it is changed only while it stands so.", "\"5f0c2b9a41d7-203\"", 2000),
            ["IfNoneMatchAny"] = CreateHeaderParameter("If-None-Match", "`*`: the record is made only if there is none.", "*", 2000),
            ["Prefer"] = CreateHeaderParameter("Prefer", "`return=minimal` leaves the record out of the answer (RFC 7240).", "return=minimal", 200),
            ["AcceptLanguage"] = CreateHeaderParameter("Accept-Language", "The language in which problems are explained and workbooks have their headings: `en` or `vi`.", "vi", 200),
        };
        var problemSchema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        components.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["NotModified"] = new OpenApiResponse
            {
                Description = "Nothing has changed since the answer with that `ETag`.",
                Headers = CreateHeaderReferences(document, [.. CommonHeaders, "ETag"]),
            },
            ["Moved"] = new OpenApiResponse
            {
                Description = "The record was merged into another, which is at `Location`, with the same query.",
                Headers = CreateHeaderReferences(document, [.. CommonHeaders, "ETag", "Location"]),
            },
            ["BadRequest"] = CreateErrorResponse("The request has faults; all are listed.", ProblemException.InvalidRequest(
                [RequestError.NotOneOf("unknown_parameter", "provnceId", ["provinceId", "kind"]) with { Parameter = "provnceId" }])),
            ["Unauthorized"] = CreateErrorResponse("It takes a key and none was sent, or what was sent is not good, which is refused even where none is needed.", new(401, "key_missing"), "WWW-Authenticate"),
            ["Forbidden"] = CreateErrorResponse("The key is good, but its role or its provinces do not allow this.", new(403, "role_insufficient", "Admin"), "WWW-Authenticate"),
            ["Conflict"] = CreateErrorResponse("What stands is against it.", new(409, "last_admin_key", "k3j9x2ab")),
            ["Gone"] = CreateErrorResponse("The record was there, and has been removed.", new(410, "record_deleted", "meetings", "hoi-nghi", "2026-11-22T08:00:00.000Z", "deleted")),
            ["PreconditionFailed"] = CreateErrorResponse("The record is in another state than the one named.", new(412, "precondition_failed", "meetings", "hoi-nghi"), "ETag"),
            ["PreconditionRequired"] = CreateErrorResponse("It wasn't said upon which state of the record the change is made.", new(428, "precondition_required")),
            ["TooLarge"] = CreateErrorResponse("The body is too large.", new(413, "payload_too_large")),
            ["UnsupportedMediaType"] = CreateErrorResponse("The body is of another type, in another encoding, or compressed.", new(415, "unsupported_media_type", "application/json"), "Accept", "Accept-Encoding"),
            ["NotFound"] = CreateErrorResponse("There is no such record.", new(404, "record_not_found", "meetings", "hoi-nghi")),
            ["NotAcceptable"] = CreateErrorResponse("The answer has no format that the request accepts.", new(406, "not_acceptable", "application/json")),
            ["TooManyRequests"] = CreateErrorResponse("The limit is used up; only where one is set.", new(429, "too_many_requests"), "Retry-After"),
            ["InternalError"] = CreateErrorResponse("The service failed; the trace id is in its log.", new(500, "internal_error")),
            ["Unavailable"] = CreateErrorResponse("The store can't be read at the moment.", new(503, "unavailable"), "Retry-After"),
            ["Unexpected"] = CreateErrorResponse("Any other problem.", new(405, "method_not_allowed", "DELETE"), "Allow"),
        };

        OpenApiResponse CreateErrorResponse(string description, ProblemException example, params string[] headers) => new()
        {
            Description = description,
            Headers = CreateHeaderReferences(document, [.. CommonHeaders, "Content-Language", .. headers]),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemMiddleware.ContentType] = new OpenApiMediaType
                {
                    Schema = problemSchema,
                    Example = JsonSerializer.SerializeToNode(ProblemMiddleware.CreateDocument(example, Language.English, "0af7651916cd43dd8448eb211c80319c"), ApiJson.Options),
                },
            },
        };
    }

    /// <summary>References to the headers with these names.</summary>
    public static Dictionary<string, IOpenApiHeader> CreateHeaderReferences(OpenApiDocument document, IEnumerable<string> names) =>
        names.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));

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
