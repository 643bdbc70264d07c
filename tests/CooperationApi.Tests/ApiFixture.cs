using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Resources;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CooperationApi.Tests;

/// <summary>A running service on a TCP port with its own seeded store, shared by tests that only read.</summary>
public sealed class ApiFixture : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ServiceFactory service;

    public ApiFixture() : this(hasExports: true)
    {
        // The first export is built in the background.
        while (true)
        {
            using var response = Client.Send(new(HttpMethod.Head, "/v1/exports/latest"), TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
                break;
            Thread.Sleep(50);
        }
    }

    private ApiFixture(bool hasExports)
    {
        // A fixture constructor cannot be async.
        Task.Run(() => folder.CreateStore()).GetAwaiter().GetResult();
        service = new(StorePath, hasExports);
        service.UseKestrel();
        service.StartServer();
        Address = service.ClientOptions.BaseAddress;
        // Redirects are not followed and responses are not decompressed, so tests see them as sent.
        Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    /// <summary>Creates a service for one test, without exports.</summary>
    public static ApiFixture CreateIsolated() => new(hasExports: false);

    public Uri Address { get; }

    public HttpClient Client { get; }

    internal ResourceCatalog Catalog => service.Services.GetRequiredService<ResourceCatalog>();

    public string StorePath => folder.GetPath("cooperation.db");

    /// <summary>Sends a GET request; headers are given as `Name: value`.</summary>
    public Task<HttpResponseMessage> Get(string address, params string[] headers) => Send(HttpMethod.Get, address, headers);

    /// <summary>Sends a request without a body; headers are given as `Name: value`.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string address, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, address));
        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Returns the JSON of a response, which must have status 200.</summary>
    public async Task<JsonNode> GetJson(string address)
    {
        using var response = await Get(address);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Returns all items of a list, read page by page.</summary>
    public async Task<List<JsonNode>> GetAllItems(string address, int limit = 200)
    {
        var items = new List<JsonNode>();
        var first = $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}";
        for (string? next = first; next is not null;)
        {
            var page = await GetJson(next);
            items.AddRange(page["items"]!.AsArray().Select(item => item!));
            // The feed always returns `next`; `more` is false at its head.
            next = page["next"] is { } cursor && (bool?)page["more"] != false ? $"{first}&cursor={cursor}" : null;
        }
        return items;
    }

    /// <summary>Returns the problem document of a response, which must have the given status.</summary>
    public async Task<JsonNode> GetProblem(int status, string address, params string[] headers)
    {
        using var response = await Get(address, headers);
        return await ReadProblem(status, response);
    }

    /// <summary>Returns the problem document of a response, after checking the members that every problem has.</summary>
    public static async Task<JsonNode> ReadProblem(int status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status,
            $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode}, expected {status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Equal("urn:problem-type:cooperation:" + problem["code"], (string?)problem["type"]);
        Assert.All(["title", "detail", "instance", "traceId"], member => Assert.False(string.IsNullOrWhiteSpace((string?)problem[member])));
        Assert.Equal("1.0.0", Assert.Single(response.Headers.GetValues("API-Version")));
        return problem;
    }

    public void Dispose()
    {
        Client.Dispose();
        service.Dispose();
        folder.Dispose();
    }

    private sealed class ServiceFactory(string storePath, bool hasExports) : WebApplicationFactory<Program>
    {
        // `UseKestrel` with a port changes the addresses after the host was built; under load, the server has then started already.
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseUrls("http://127.0.0.1:0").UseSetting("Exports:Enabled", hasExports ? "true" : "false")
                .UseSetting("SelfCheck:IntervalMinutes", hasExports ? "60" : "0");
            foreach (var (name, value) in TestStore.GetSettings(storePath))
                builder.UseSetting(name, value);
        }
    }
}

/// <summary>The collection of tests that share one running service and do not change it.</summary>
[CollectionDefinition(nameof(SharedApi))]
public sealed class SharedApi : ICollectionFixture<ApiFixture>;
