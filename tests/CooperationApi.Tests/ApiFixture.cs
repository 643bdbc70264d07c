using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CooperationApi.Tests;

/// <summary>The running service, on a socket and over a file of its own, filled with the founding content. Shared by tests that only read.</summary>
public sealed class ApiFixture : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ServiceFactory service;

    public ApiFixture() : this(hasExports: true)
    {
        // The first export is made beside the first requests.
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
        // Fixtures are made without a context that could wait for it.
        Task.Run(() => folder.CreateStore()).GetAwaiter().GetResult();
        service = new(StorePath, hasExports);
        service.UseKestrel(0);
        service.StartServer();
        Address = service.ClientOptions.BaseAddress;
        // As a stranger's program would: over the socket, following nothing and unpacking nothing by itself.
        Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    /// <summary>One of a test's own, which makes no exports.</summary>
    public static ApiFixture CreateIsolated() => new(hasExports: false);

    public Uri Address { get; }

    public HttpClient Client { get; }

    public string StorePath => folder.GetPath("cooperation.db");

    /// <summary>Gets an address, with headers given as `Name: value`.</summary>
    public Task<HttpResponseMessage> Get(string address, params string[] headers) => Send(HttpMethod.Get, address, headers);

    /// <summary>Sends a request without a body, with headers given as `Name: value`.</summary>
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

    /// <summary>The JSON of an answer that must be a 200.</summary>
    public async Task<JsonNode> GetJson(string address)
    {
        using var response = await Get(address);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>All items of a list, page by page.</summary>
    public async Task<List<JsonNode>> GetAllItems(string address, int limit = 200)
    {
        var items = new List<JsonNode>();
        var first = $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}";
        for (string? next = first; next is not null;)
        {
            var page = await GetJson(next);
            items.AddRange(page["items"]!.AsArray().Select(item => item!));
            // The feed always says where to go on, and that it has no more for now.
            next = page["next"] is { } cursor && (bool?)page["more"] != false ? $"{first}&cursor={cursor}" : null;
        }
        return items;
    }

    /// <summary>The problem document of an answer that must have this status.</summary>
    public async Task<JsonNode> GetProblem(int status, string address, params string[] headers)
    {
        using var response = await Get(address, headers);
        return await ReadProblem(status, response);
    }

    /// <summary>The problem document of an answer, checked for what every one of them has.</summary>
    public static async Task<JsonNode> ReadProblem(int status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode}, not {status}: {body}");
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
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("Storage:Path", storePath).UseSetting("Exports:Enabled", hasExports ? "true" : "false").UseSetting("SelfCheck:IntervalMinutes", hasExports ? "60" : "0");
    }
}

/// <summary>Tests that share one running service, because none of them changes it.</summary>
[CollectionDefinition(nameof(SharedApi))]
public sealed class SharedApi : ICollectionFixture<ApiFixture>;
