using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Features.ApiKeys;
using CooperationApi.Storage;
using CooperationApi.Tests.Features.Records;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CooperationApi.Tests.Access;

/// <summary>A service for one test, on a store with the seed data, with its own settings, API keys, fake clock and recorded log.</summary>
internal sealed class AuthenticatedService : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly (string Name, string Value)[] settings;
    private ServiceFactory service;
    private HttpClient client;

    private AuthenticatedService(TempFolder folder, string storePath, (string Name, string Value)[] settings)
    {
        (this.folder, StorePath, this.settings) = (folder, storePath, settings);
        (service, client) = StartServer();
    }

    public FakeClock Clock { get; } = new();

    public ConcurrentQueue<string> Log { get; } = [];

    public string StorePath { get; }

    public Uri Address => client.BaseAddress!;

    /// <summary>Starts a service with the given settings on a new seeded store.</summary>
    public static async Task<AuthenticatedService> Start(params (string Name, string Value)[] settings)
    {
        var folder = new TempFolder();
        return new(folder, await folder.CreateStore(), settings);
    }

    /// <summary>Starts a service on an existing store.</summary>
    public static AuthenticatedService StartOnStore(string storePath, params (string Name, string Value)[] settings) =>
        new(new(), storePath, settings);

    /// <summary>Returns the latest export, after waiting for it to be built.</summary>
    public async Task<JsonNode> WaitForLatestExport(string? key = null)
    {
        while (true)
        {
            using var response = await Send("GET", "/v1/exports/latest", key);
            if (response.StatusCode == HttpStatusCode.OK)
                return JsonNode.Parse(await response.ReadText())!;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Stops the service, runs an action, and starts a new service on the same store.</summary>
    public Task Restart(Action? whileStopped = null) => Restart(() =>
    {
        whileStopped?.Invoke();
        return Task.CompletedTask;
    });

    /// <summary>Stops the service, replaces its store with a backup, and starts a new service on it.</summary>
    public Task RestartOnBackup(string path) => Restart(() => TestStore.Restore(path, StorePath));

    /// <summary>Stops the service, runs an asynchronous action, and starts a new service on the same store.</summary>
    public async Task Restart(Func<Task> whileStopped)
    {
        client.Dispose();
        await service.DisposeAsync();
        await WaitUntilStoreIsClosed();
        await whileStopped();
        (service, client) = StartServer();
    }

    /// <summary>
    /// Waits until the last connection is closed. The entry point of the program runs on its own thread and
    /// disposes the container too; if it is first, <see cref="WebApplicationFactory{T}.DisposeAsync"/> returns before the store is closed.
    /// </summary>
    private async Task WaitUntilStoreIsClosed()
    {
        for (var attempt = 0; TestStore.IsInUse(StorePath); attempt++)
        {
            Assert.True(attempt < 3000, "A connection is still open 30 s after the service stopped.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Backs up the store like the `backup` command, or with the tool of PostgreSQL.</summary>
    public Task BackUp(string path) =>
        TestStore.IsPostgreSql ? TestStore.BackUp(StorePath, path) : GetService<Database>().BackUp(path);

    /// <summary>Returns a service of the dependency injection container.</summary>
    public T GetService<T>() where T : notnull => service.Services.GetRequiredService<T>();

    /// <summary>Returns the path of a file in the test's folder.</summary>
    public string GetPath(string name) => folder.GetPath(name);

    /// <summary>Creates an API key like `keys add`.</summary>
    public async Task<CreatedKey> CreateKey(Role role, string[]? provinces = null, string? expiresAt = null) =>
        await GetService<ApiKeyIssuer>()
            .Create(new()
            {
                Name = $"Một {role}",
                Role = role,
                ProvinceIds = provinces ?? (role == Role.Editor ? ["*"] : []),
                ExpiresAt = expiresAt,
            }, "a test",
                TestContext.Current.CancellationToken);

    /// <summary>Creates an API key and returns its secret.</summary>
    public async Task<string> CreateKeySecret(Role role = Role.Admin) => (await CreateKey(role)).Secret;

    /// <summary>Sends a GET request without an API key; headers are given as `Name: value`.</summary>
    public Task<HttpResponseMessage> Get(string address, params string[] headers) => Send("GET", address, content: null, headers);

    /// <summary>Sends a request with an API key and an optional JSON body; headers are given as `Name: value`.</summary>
    public Task<HttpResponseMessage> Send(string method, string address, string? key, JsonNode? body = null, params string[] headers) =>
        Send(method, address, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
            key is null ? headers : [$"Authorization: Bearer {key}", .. headers]);

    /// <summary>Sends a request with any content; headers are given as `Name: value`.</summary>
    public async Task<HttpResponseMessage> Send(string method, string address, HttpContent? content, params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, address)) { Content = content };
        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a GET request and returns the response before its body, which may not end.</summary>
    public async Task<HttpResponseMessage> OpenStream(string address, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, address));
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ", 2)[0], header.Split(": ", 2)[1]);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Returns the OpenAPI document of the service.</summary>
    public async Task<OpenApiSpec> GetOpenApi()
    {
        using var response = await Get("/v1/openapi-3.1.json");
        return OpenApiSpec.FromJson(JsonNode.Parse(await response.ReadText())!);
    }

    /// <summary>Returns the status code of a GET request.</summary>
    public async Task<int> GetStatusCode(string address, string? key = null, params string[] headers)
    {
        using var response = await Send("GET", address, key, null, headers);
        return (int)response.StatusCode;
    }

    /// <summary>Returns the problem code of a response, which must have the given status.</summary>
    public async Task<string> SendForProblemCode(int status, string method, string address, string? key = null, JsonNode? body = null,
        params string[] headers)
    {
        using var response = await Send(method, address, key, body, headers);
        return (string)(await ApiFixture.ReadProblem(status, response))["code"]!;
    }

    /// <summary>Returns the JSON of a response, which must have the given status.</summary>
    public async Task<JsonNode> SendForJson(HttpStatusCode status, string method, string address, string key, JsonNode? body = null)
    {
        using var response = await Send(method, address, key, body);
        var text = await response.ReadText();
        Assert.True(response.StatusCode == status, $"{method} {address}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Creates or replaces an organization and returns its revision.</summary>
    public async Task<long> PutOrganization(string key, string id, string name)
    {
        var address = $"/v1/organizations/{id}";
        var precondition = await GetStatusCode(address) == 200 ? "If-Match: *" : "If-None-Match: *";
        using var response = await Send("PUT", address, key, RecordWriteTests.CreateOrganization(name), precondition);
        var text = await response.ReadText();
        Assert.True((int)response.StatusCode is 200 or 201, text);
        return (long)JsonNode.Parse(text)!["revision"]!;
    }

    /// <summary>Deletes an organization.</summary>
    public async Task DeleteOrganization(string key, string id)
    {
        using var response = await Send("DELETE", $"/v1/organizations/{id}", key, null, "If-Match: *");
        Assert.Equal(204, (int)response.StatusCode);
    }

    /// <summary>Imports organizations in one transaction; their ids are the prefix and a number.</summary>
    public Task ImportOrganizations(string key, int count, string prefix)
    {
        var records = Enumerable.Range(0, count).Select(i =>
        {
            var record = RecordWriteTests.CreateOrganization($"Một trong nhiều {i}");
            record["id"] = $"{prefix}{i}";
            return (JsonNode?)record;
        });
        var bundle = new JsonObject { ["organizations"] = new JsonArray([.. records]) };
        return SendForJson(HttpStatusCode.OK, "POST", "/v1/imports?onConflict=replace", key, bundle);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
        folder.Dispose();
    }

    private (ServiceFactory, HttpClient) StartServer()
    {
        var factory = new ServiceFactory(this);
        factory.UseKestrel();
        factory.StartServer();
        // A body that the service rejects by its length is not sent, because the test sends `Expect: 100-continue`.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        return (factory, new(handler) { BaseAddress = factory.ClientOptions.BaseAddress });
    }

    private sealed class ServiceFactory(AuthenticatedService owner) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // `UseKestrel` with a port changes the addresses after the host was built; under load, the server has then started already.
            builder.UseUrls("http://127.0.0.1:0");
            // Tests of exports and of the self-check turn them on.
            builder.UseSetting("Exports:Enabled", "false");
            builder.UseSetting("SelfCheck:IntervalMinutes", "0");
            foreach (var (name, value) in TestStore.GetSettings(owner.StorePath).Concat(owner.settings))
                builder.UseSetting(name, value);
            builder.ConfigureServices(services =>
            {
                services.AddSingleton<TimeProvider>(owner.Clock);
                services.AddSingleton<ILoggerProvider>(new RecordingLoggerProvider(owner.Log));
            });
        }
    }

    /// <summary>Records each log entry as `category: message`.</summary>
    private sealed class RecordingLoggerProvider(ConcurrentQueue<string> log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new RecordingLogger(categoryName, log);

        public void Dispose()
        {
        }

        private sealed class RecordingLogger(string category, ConcurrentQueue<string> log) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter) =>
                log.Enqueue($"{category}: {formatter(state, exception)}");
        }
    }
}
