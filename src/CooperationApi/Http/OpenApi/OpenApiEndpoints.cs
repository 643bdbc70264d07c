using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace CooperationApi.Http.OpenApi;

/// <summary>Serves the OpenAPI document in versions 3.0 and 3.1, and the Swagger page.</summary>
internal static class OpenApiEndpoints
{
    private const string DocumentName = "v1";

    private const string Introduction =
        """
        CooperationApi publishes meetings, agreements, commitments and results of cooperation between Vietnam's provinces, with citations
        of their sources.

        **Evidence.** Every record except a source cites its sources. A citation has the shortest quote that proves the facts, and the
        offsets of the quote in the source text, counted in Unicode code points. The member `basis` is `Stated` (the quote states the
        fact), `Inferred` (the editors conclude the fact) or `Referenced` (the citation has a locator such as `paragraph 2` instead of a
        quote).

        **Revisions.** The service numbers all changes of records: each change gets the next `revision`. Every response to `GET` has an
        `ETag`. A request with this value in `If-None-Match` gets an empty 304 response if nothing has changed. `HEAD` works wherever
        `GET` does, and `OPTIONS` returns the methods of a URL in `Allow`.

        **Headers.** Besides the headers that each response lists, every response has the security headers `X-Content-Type-Options`,
        `X-Frame-Options`, `Referrer-Policy` and `Content-Security-Policy`, and over TLS `Strict-Transport-Security`. If the request
        has `Origin`, the response also has `Access-Control-Expose-Headers`. A compressed response has `Content-Encoding: gzip`.

        **Errors.** An invalid request gets a 4xx problem document (RFC 9457) that lists all errors at once. The texts are in English, or
        in Vietnamese with `Accept-Language: vi`; the codes are the same in both languages. `Link` with `rel="help"` is a page
        with the cause and the cure of the code.

        **Lists.** Lists are paged: send the `next` of each page as `cursor` of the next request until `next` is absent. The parameter
        `format` or the header `Accept` selects the whole list as a file: CSV, NDJSON or an Excel workbook (XLSX). The header `Row-Count`
        then has the number of rows; a file with fewer rows is incomplete.

        **Versions.** `API-Version` is a semantic version, and `/v1/changelog` lists the changes. A deprecated operation has
        `deprecated: true`; its responses have the date of the deprecation in `Deprecation` (RFC 9745), the date of the removal, if there
        is one, in `Sunset` (RFC 8594), and a `Link` with `rel="deprecation"`.

        **JSON.** Members without a value are absent. Clients must ignore unknown members: minor versions may add members. Dates have the
        precision of a year, a month or a day. Timestamps are UTC.
        """;

    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(ApiJson.Options));
        services.AddSwaggerGen(options =>
        {
            // OperationsDocumentFilter describes the mapped endpoints; nothing is derived from the signatures of handlers.
            options.DocInclusionPredicate((_, _) => false);
            options.DocumentFilter<OperationsDocumentFilter>();
            options.SchemaFilter<ValidationSchemaFilter>();
            options.SupportNonNullableReferenceTypes();
            // In OpenAPI 3.0 a reference cannot have a description; a schema with `allOf` can.
            options.UseAllOfToExtendReferenceSchemas();
            options.MapType<JsonObject>(() => new OpenApiSchema { Type = JsonSchemaType.Object, Description = "A JSON object." });
            options.MapType<PartialDate>(() => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Pattern = "^([1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?|--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$",
                MinLength = 4,
                MaxLength = 10,
                Description = "Date with the precision of a year, a month or a day; `--10-26` is a day without a year.",
            });
            options.CustomSchemaIds(type => type.IsGenericType ? type.GenericTypeArguments[0].Name + "Page" : type.Name);
            options.IncludeXmlComments(typeof(Record).Assembly);
        });
        services.AddOptions<SwaggerGenOptions>().Configure<OpenApiOptions>((options, settings) =>
        {
            options.SwaggerDoc(DocumentName, CreateInfo(settings));
            if (settings.ServerUrl is { } serverUrl)
                options.AddServer(CreateServer(serverUrl));
        });
    }

    /// <summary>
    /// Maps `/v1/openapi.json`, `/v1/openapi-3.1.json`, `/v1/changelog` and the document of the Swagger page.
    /// </summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        var open = app.MapGroup("").AllowAnonymous().RequireCors(CorsPolicies.AnyOrigin);
        open.MapGetAndHead("/v1/openapi.json", ResponseCache.Constant(() => CreateResponse(app.Services, OpenApiSpecVersion.OpenApi3_0)),
            Describe("getOpenApiDocument", "3.0"));
        open.MapGetAndHead("/v1/openapi-3.1.json",
            ResponseCache.Constant(() => CreateResponse(app.Services, OpenApiSpecVersion.OpenApi3_1)),
            Describe("getNewerOpenApiDocument", "3.1"));
        open.MapGetAndHead(Changelog.Path, ResponseCache.Constant(Changelog.CreateResponse), Changelog.Describe());
        open.MapGetAndHead("/swagger/" + SwaggerPageDocument.FileName,
            ResponseCache.Constant(() => CreateResponse(app.Services, OpenApiSpecVersion.OpenApi3_0, SwaggerPageDocument.Adapt)));
    }

    /// <summary>Redirects `/` to the Swagger page.</summary>
    public static void MapRedirectToSwaggerPage(this WebApplication app) => app.MapGroup("").AllowAnonymous().MapGetAndHead("/", context =>
    {
        context.Response.Redirect("/swagger/index.html");
        return Task.CompletedTask;
    });

    /// <summary>
    /// Serves the Swagger page at `/swagger`. Swagger UI matches a regular expression with the path of every request it gets.
    /// </summary>
    public static void UseSwaggerPage(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), page => page.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "CooperationApi";
            options.SwaggerEndpoint(SwaggerPageDocument.FileName, "CooperationApi v1");
            options.EnableTryItOutByDefault();
            options.EnableFilter();
            options.DocExpansion(DocExpansion.None);
            options.EnableDeepLinking();
            options.EnableValidator(null);
            options.DisplayRequestDuration();
            options.ShowCommonExtensions();
            options.DefaultModelsExpandDepth(0);
        }));

    private static OperationDescription Describe(string id, string version) =>
        new(id, "status", $"Get this document in OpenAPI {version}.", $"Returns the description of the API in OpenAPI {version}.")
        {
            ResponseType = typeof(JsonObject),
            Example = ("OpenApiDocument", () => null),
            IgnoresAccept = true,
            IsIndependentOfStore = true,
        };

    private static OpenApiInfo CreateInfo(OpenApiOptions settings) => new()
    {
        Title = "CooperationApi",
        Version = StandardHeaders.ApiVersion,
        Description = Introduction,
        Contact = settings is { ContactName: null, ContactEmail: null, ContactUrl: null } ? null
            : new() { Name = settings.ContactName, Email = settings.ContactEmail, Url = ToUri(settings.ContactUrl) },
        License = new() { Name = "Creative Commons Attribution 4.0", Url = new("https://creativecommons.org/licenses/by/4.0/") },
        TermsOfService = ToUri(settings.TermsOfServiceUrl),
    };

    private static OpenApiServer CreateServer(string url) => new()
    {
        Url = url,
        Description = "Production server.",
        Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(JsonValue.Create(false)) },
    };

    private static Uri? ToUri(string? url) => url is null ? null : new(url);

    private static ReadResponse CreateResponse(IServiceProvider services, OpenApiSpecVersion version,
        Action<OpenApiDocument>? adapt = null)
    {
        var document = services.GetRequiredService<ISwaggerProvider>().GetSwagger(DocumentName);
        if (adapt is not null)
        {
            // The documents of the provider share objects, so a copy is changed.
            document = OpenApiDocument.Parse(Serialize(document, version), OpenApiConstants.Json).Document!;
            adapt(document);
        }
        var body = Encoding.UTF8.GetBytes(Serialize(document, version));
        return new(Convert.ToHexStringLower(SHA256.HashData(body))[..16], IsWeak: false, body);
    }

    private static string Serialize(OpenApiDocument document, OpenApiSpecVersion version)
    {
        using var text = new StringWriter();
        // Without whitespace the document is 40 % smaller.
        document.SerializeAs(version, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return text.ToString();
    }
}
