using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>The OpenAPI document, in both versions, and the page on which people read and try it.</summary>
internal static class OpenApiEndpoints
{
    private const string DocumentName = "v1";

    private const string Introduction =
        """
        The memory of cooperation between Vietnam's provinces: who met, what they agreed on, what was promised, given and delivered,
        and which words of which document say so.

        **Every record cites its evidence**: the shortest exact words, and their place in the source's text in Unicode code points.
        `Stated` words say it; from `Inferred` ones the editors conclude it; a `Referenced` source is named without its words.

        **One number tells what changed**: every change takes the next `revision`. Every answer has an `ETag`; send it back as
        `If-None-Match`, and what has not changed is a 304. `HEAD` works wherever `GET` does.

        **Nothing is guessed**: what a request has wrong is a 4xx problem document (RFC 9457) that lists all faults at once, in English
        or, by `Accept-Language: vi`, in Vietnamese; the codes are the same in both.

        Lists come in pages: follow `next` until it is absent. Or whole, as CSV, NDJSON or a workbook, by `Accept` or `format`: `Row-Count` then
        says how many rows there are, and a file of fewer is not whole. Members without a value are left out. Clients must ignore members that they do
        not know: minor versions may add some. Dates are known to the year, the month or the day, and are written so. Times are UTC.
        """;

    /// <summary>
    /// The page would fill in the example of every parameter, and all filters together leave nothing. So it reads the document with the
    /// examples of optional parameters as text; what is required is filled in.
    /// </summary>
    private const string ExamplesAsTextScript =
        """
        (response) => {
          if (response.url.endsWith("/v1/openapi.json")) {
            const document = JSON.parse(response.text);
            for (const parameter of Object.values(document.components.parameters).filter((parameter) => !parameter.required)) {
              parameter.description += ` Example: \`${[parameter.example].flat().join()}\``;
              delete parameter.example;
            }
            response.text = JSON.stringify(document);
          }
          return response;
        }
        """;

    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(ApiJson.Options));
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(DocumentName, new()
            {
                Title = "CooperationApi",
                Version = StandardHeaders.ApiVersion,
                Description = Introduction,
                // Whoever runs the service puts their own address here; names under .example belong to nobody.
                Contact = new() { Name = "The editors of the cooperation record", Email = "editors@cooperation.example", Url = new("https://cooperation.example/contact") },
                License = new() { Name = "Creative Commons Attribution 4.0", Url = new("https://creativecommons.org/licenses/by/4.0/") },
                TermsOfService = new("https://cooperation.example/terms"),
            });
            // Operations are described by what is mapped, in one filter, and not guessed from the handlers' signatures.
            options.DocInclusionPredicate((_, _) => false);
            options.DocumentFilter<OperationsDocumentFilter>();
            options.SchemaFilter<ValidationSchemaFilter>();
            options.SupportNonNullableReferenceTypes();
            // A reference has no room for a description of its own; "all of" one has.
            options.UseAllOfToExtendReferenceSchemas();
            options.MapType<PartialDate>(() => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Pattern = "^([1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?|--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$",
                MinLength = 4,
                MaxLength = 10,
                Description = "A date as far as it is known: a year, a month or a day; `--10-26` is a day whose year is not known.",
            });
            options.CustomSchemaIds(type => type.IsGenericType ? type.GenericTypeArguments[0].Name + "Page" : type.Name);
            options.IncludeXmlComments(typeof(Record).Assembly);
        });
    }

    /// <summary>Maps `/v1/openapi.json`, `/v1/openapi-3.1.json` and `/swagger`, and leads people there.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapGetAndHead("/v1/openapi.json", ResponseCache.CreateConstantHandler(() => CreateResponse(app.Services, OpenApiSpecVersion.OpenApi3_0)));
        app.MapGetAndHead("/v1/openapi-3.1.json", ResponseCache.CreateConstantHandler(() => CreateResponse(app.Services, OpenApiSpecVersion.OpenApi3_1)));
        app.MapGetAndHead("/", context =>
        {
            context.Response.Redirect("/swagger/index.html");
            return Task.CompletedTask;
        });
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), page => page.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "CooperationApi";
            options.SwaggerEndpoint("/v1/openapi.json", "CooperationApi v1");
            options.UseResponseInterceptor(ExamplesAsTextScript);
            options.EnableTryItOutByDefault();
            options.EnableFilter();
            options.EnableDeepLinking();
            options.EnableValidator(null);
            options.DisplayRequestDuration();
            options.ShowCommonExtensions();
            options.DefaultModelsExpandDepth(0);
        }));
    }

    private static ReadResponse CreateResponse(IServiceProvider services, OpenApiSpecVersion version)
    {
        var document = services.GetRequiredService<ISwaggerProvider>().GetSwagger(DocumentName);
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAs(version, new OpenApiJsonWriter(text));
        var body = Encoding.UTF8.GetBytes(text.ToString().ReplaceLineEndings("\n") + "\n");
        return new(Convert.ToHexStringLower(SHA256.HashData(body))[..16], IsWeak: false, body);
    }
}
