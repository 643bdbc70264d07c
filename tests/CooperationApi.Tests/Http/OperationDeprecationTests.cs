using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.OpenApi;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CooperationApi.Tests.Http;

/// <summary>No operation of the service is deprecated, so the tests map one beside the middleware of the service.</summary>
public sealed class OperationDeprecationTests
{
    private static readonly DateTimeOffset Since = new(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Responses_of_a_deprecated_operation_have_its_dates_and_links()
    {
        await using var app = await Start();
        using var client = CreateClient(app);
        using var response = await client.GetAsync("/v1/old", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("@1801353600", response.GetHeader("Deprecation"));
        Assert.Equal("Fri, 31 Dec 2027 00:00:00 GMT", response.GetHeader("Sunset"));
        Assert.Equal(["</v1/old?cursor=2>; rel=\"next\"", "</v1/changelog>; rel=\"deprecation\""], response.Headers.GetValues("Link"));
    }

    [Fact]
    public async Task Problems_of_a_deprecated_operation_have_its_dates_too()
    {
        await using var app = await Start();
        using var client = CreateClient(app);
        using var response = await client.GetAsync("/v1/old?unknown=1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("@1801353600", response.GetHeader("Deprecation"));
    }

    [Fact]
    public async Task Responses_of_other_operations_have_no_such_headers()
    {
        await using var app = await Start();
        using var client = CreateClient(app);
        using var response = await client.GetAsync("/v1/new", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, null, null),
            (response.StatusCode, response.GetHeader("Deprecation"), response.GetHeader("Sunset")));
    }

    [Fact]
    public async Task Document_marks_the_deprecated_operation_only()
    {
        await using var app = await Start();
        using var client = CreateClient(app);
        var document = JsonNode.Parse(await client.GetStringAsync("/v1/openapi.json", TestContext.Current.CancellationToken))!;
        Assert.True((bool?)document["paths"]!["/v1/old"]!["get"]!["deprecated"]);
        Assert.Null(document["paths"]!["/v1/new"]!["get"]!["deprecated"]);
    }

    [Fact]
    public void An_operation_cannot_be_removed_before_its_deprecation() =>
        Assert.Throws<ArgumentException>(() => new OperationDeprecation(Since, Since.AddSeconds(-1)));

    private static async Task<WebApplication> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddValidatedOptions<OpenApiOptions>("OpenApi");
        builder.Services.AddOpenApiDocument();
        builder.Services.AddAuthorization();
        builder.Services.AddCors(options => options.AddPolicy(CorsPolicies.AnyOrigin, _ => { }));
        builder.Services.AddSingleton(new ResourceCatalog());
        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseCors();
        app.Use(OperationDeprecation.SetHeaders);
        app.MapGroup("/v1").WithMetadata(new OperationDeprecation(Since, new(2027, 12, 31, 0, 0, 0, TimeSpan.Zero)))
            .MapGetAndHead("old", SendPage, Describe("listOld"));
        app.MapGroup("/v1").MapGetAndHead("new", SendPage, Describe("listNew"));
        app.MapOpenApiDocument();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static Task SendPage(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        return ResponseWriter.Write(context, new(new("1", IsWeak: true, "{}"u8.ToArray()) { NextPageUrl = "/v1/old?cursor=2" }));
    }

    private static OperationDescription Describe(string id) => new(id, "changes", "List.", "Lists changes.")
    {
        ResponseType = typeof(ChangePage),
        Example = ("ChangePage", () => null),
    };

    private static HttpClient CreateClient(WebApplication app) => new()
    {
        BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
    };
}
