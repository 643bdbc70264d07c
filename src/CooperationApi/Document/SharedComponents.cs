using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Document;

/// <summary>What every operation refers to: headers that come and go, and the problems that can come instead of an answer.</summary>
internal static class SharedComponents
{
    /// <summary>The headers of whatever is answered, problems included.</summary>
    public static readonly IReadOnlyList<string> OnEveryAnswer =
        ["API-Version", "Access-Control-Allow-Origin", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy"];

    // Kestrel itself refuses anything else in a header, without a problem document.
    private const string Printable = "^[\\x20-\\x7E]+$";

    /// <summary>Adds them to the document.</summary>
    public static void Add(OpenApiDocument document, DocumentFilterContext context)
    {
        var components = document.Components!;
        components.Examples = new Dictionary<string, IOpenApiExample>();
        components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["API-Version"] = Header("The version of the API.", ServiceHeaders.ApiVersion, @"^[0-9]+\.[0-9]+\.[0-9]+$", 20),
            ["Access-Control-Allow-Origin"] = Header("Any web page may read.", "*", @"^\*$", 1),
            ["Allow"] = Header("The methods that the address knows; sent with 405.", "GET, HEAD", "^[A-Z, ]+$", 100),
            ["Cache-Control"] = Header("Answers may be kept, but ask again with `If-None-Match` before using them; problems are not kept.", "no-cache", "^(no-cache|no-store)$", 8),
            ["Content-Disposition"] = Header("The file's name; sent with a file.", "attachment; filename=\"meetings.csv\"", "^attachment; filename=\"[a-z0-9.-]+\"$", 300),
            ["Content-Language"] = Header("The language of the explanation, or of a workbook's headings.", "en", "^(en|vi)$", 2),
            ["ETag"] = Header("The tag of this state of the answer; weak on lists, which follow every change.", "\"5f0c2b9a41d7-203\"", "^(W/)?\"[a-z0-9-]+\"$", 100),
            ["Last-Modified"] = Header("When the record was last changed.", "Sun, 22 Nov 2026 08:00:00 GMT", "^[A-Za-z0-9,: ]+$", 29),
            ["Link"] = Header("The address of the next page, with `rel=\"next\"`; absent on the last.", "</v1/meetings?limit=1&cursor=Y29tZS1vbg>; rel=\"next\"", "^<[^>]+>; rel=\"next\"$", 10_000),
            ["RateLimit"] = Header("The requests that are left, and the seconds until there are more. Sent when a limit is set.", "\"default\";r=99;t=42", "^\"default\";r=[0-9]+;t=[0-9]+$", 50),
            ["RateLimit-Policy"] = Header("The requests that a window allows, and its seconds. Sent when a limit is set.", "\"default\";q=100;w=60", "^\"default\";q=[0-9]+;w=[0-9]+$", 50),
            ["Retry-After"] = Header("When to try again, in seconds.", "5", "^[0-9]+$", 10),
            ["Row-Count"] = Header("How many rows the file has, headings apart, counted before the first is sent; sent with a file.", "30", "^[0-9]+$", 19),
            ["Vary"] = Header("What of the request decides the representation.", "Accept, Accept-Encoding", "^[A-Za-z, -]+$", 100),
        };
        components.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            ["IfNoneMatch"] = HeaderParameter("If-None-Match", "The `ETag` of an earlier answer: if it still stands, the answer is an empty 304.", "\"5f0c2b9a41d7-203\"", 2000),
            ["AcceptLanguage"] = HeaderParameter("Accept-Language", "The language in which problems are explained and workbooks have their headings: `en` or `vi`.", "vi", 200),
        };
        var problem = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        components.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["NotModified"] = new OpenApiResponse
            {
                Description = "Nothing has changed since the answer with that `ETag`.",
                Headers = Headers(document, [.. OnEveryAnswer, "ETag"]),
            },
            ["BadRequest"] = Refusal("The request has faults; all are listed.", ProblemException.Invalid(
                [Fault.NotAmong("unknown_parameter", "provnceId", ["provinceId", "kind"]) with { Parameter = "provnceId" }])),
            ["NotFound"] = Refusal("There is no such record.", new(404, "record_not_found", "meetings", "hoi-nghi")),
            ["NotAcceptable"] = Refusal("The answer has no format that the request accepts.", new(406, "not_acceptable", "application/json")),
            ["TooManyRequests"] = Refusal("The limit is used up; only where one is set.", new(429, "too_many_requests"), "Retry-After"),
            ["InternalError"] = Refusal("The service failed; the trace id is in its log.", new(500, "internal_error")),
            ["Unavailable"] = Refusal("The store can't be read at the moment.", new(503, "unavailable"), "Retry-After"),
            ["Unexpected"] = Refusal("Any other problem.", new(405, "method_not_allowed", "DELETE"), "Allow"),
        };

        OpenApiResponse Refusal(string description, ProblemException example, params string[] headers) => new()
        {
            Description = description,
            Headers = Headers(document, [.. OnEveryAnswer, "Content-Language", .. headers]),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problems.ContentType] = new OpenApiMediaType
                {
                    Schema = problem,
                    Example = JsonSerializer.SerializeToNode(Problems.Describe(example, Language.English, "0af7651916cd43dd8448eb211c80319c"), Wire.Json),
                },
            },
        };
    }

    /// <summary>References to the headers with these names.</summary>
    public static Dictionary<string, IOpenApiHeader> Headers(OpenApiDocument document, IEnumerable<string> names) =>
        names.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));

    private static OpenApiHeader Header(string description, string example, string pattern, int longest) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern, MaxLength = longest },
        Example = JsonValue.Create(example),
    };

    private static OpenApiParameter HeaderParameter(string name, string description, string example, int longest) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Printable, MinLength = 1, MaxLength = longest },
        Example = JsonValue.Create(example),
    };
}
