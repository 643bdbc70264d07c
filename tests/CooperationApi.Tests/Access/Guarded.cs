using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Keys;
using CooperationApi.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CooperationApi.Tests.Access;

/// <summary>A service of a test's own, with settings, keys, a clock that the test moves and a log that it reads, over a store with the founding content.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    private readonly Folder folder;
    private readonly (string Name, string Value)[] settings;
    private Service service;
    private HttpClient client;

    private Guarded(Folder folder, string store, (string Name, string Value)[] settings)
    {
        (this.folder, StorePath, this.settings) = (folder, store, settings);
        (service, client) = Serve();
    }

    public Clock Clock { get; } = new();

    public ConcurrentQueue<string> Log { get; } = [];

    public string StorePath { get; }

    public Uri Address => client.BaseAddress!;

    /// <summary>Starts it with these settings.</summary>
    public static async Task<Guarded> Start(params (string Name, string Value)[] settings)
    {
        var folder = new Folder();
        return new(folder, await folder.Store(), settings);
    }

    /// <summary>Starts it on a store that is there.</summary>
    public static Guarded On(string store) => new(new(), store, []);

    /// <summary>The latest export, waited for if it is being made.</summary>
    public async Task<JsonNode> LatestExport()
    {
        while (true)
        {
            using var answer = await Get("/v1/exports/latest");
            if (answer.StatusCode == HttpStatusCode.OK)
                return JsonNode.Parse(await answer.Text())!;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it and starts another on the same store, or on what is made of it meanwhile.</summary>
    public async Task Restart(Action? meanwhile = null)
    {
        client.Dispose();
        await service.DisposeAsync();
        meanwhile?.Invoke();
        (service, client) = Serve();
    }

    /// <summary>Makes a backup as the verb does.</summary>
    public Task BackUp(string path) => Find<Database>().BackUp(path);

    /// <summary>A part of it.</summary>
    public T Find<T>() where T : notnull => service.Services.GetRequiredService<T>();

    /// <summary>A file of its own folder.</summary>
    public string Path(string name) => folder.Path(name);

    /// <summary>Makes a key as the verb does.</summary>
    public async Task<MadeKey> Make(Role role, string[]? provinces = null, string? expiresAt = null) => await Find<KeyDesk>()
        .Make(new() { Name = $"Một {role}", Role = role, ProvinceIds = provinces ?? [], ExpiresAt = expiresAt }, "a test", TestContext.Current.CancellationToken);

    /// <summary>The text of a new key.</summary>
    public async Task<string> Key(Role role = Role.Admin) => (await Make(role)).Secret;

    /// <summary>Gets an address without a key, with headers given as `Name: value`.</summary>
    public Task<HttpResponseMessage> Get(string address, params string[] headers) => Send("GET", address, content: null, headers);

    /// <summary>Sends a request with this key, and headers given as `Name: value`.</summary>
    public Task<HttpResponseMessage> Send(string method, string address, string? key, JsonNode? body = null, params string[] headers) =>
        Send(method, address, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), key is null ? headers : [$"Authorization: Bearer {key}", .. headers]);

    /// <summary>Sends a request with whatever body.</summary>
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

    /// <summary>The document that it serves.</summary>
    public async Task<OpenApi> Document()
    {
        using var answer = await Get("/v1/openapi.json");
        return OpenApi.Of(JsonNode.Parse(await answer.Text())!);
    }

    /// <summary>The status of a GET.</summary>
    public async Task<int> Status(string address, string? key = null, params string[] headers)
    {
        using var answer = await Send("GET", address, key, null, headers);
        return (int)answer.StatusCode;
    }

    /// <summary>The code of a request that must be refused with this status.</summary>
    public async Task<string> Refused(int status, string method, string address, string? key = null, JsonNode? body = null, params string[] headers)
    {
        using var answer = await Send(method, address, key, body, headers);
        return (string)(await Api.ProblemOf(status, answer))["code"]!;
    }

    /// <summary>The JSON of an answer that must have this status.</summary>
    public async Task<JsonNode> Json(HttpStatusCode status, string method, string address, string key, JsonNode? body = null)
    {
        using var answer = await Send(method, address, key, body);
        var text = await answer.Text();
        Assert.True(answer.StatusCode == status, $"{method} {address}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
        folder.Dispose();
    }

    private (Service, HttpClient) Serve()
    {
        var its = new Service(this);
        its.UseKestrel(0);
        its.StartServer();
        return (its, new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = its.ClientOptions.BaseAddress });
    }

    private sealed class Service(Guarded guarded) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("Storage:Path", guarded.StorePath);
            // Made where a test is about them.
            builder.UseSetting("Exports:At", "");
            builder.UseSetting("Mirror:CheckMinutes", "0");
            foreach (var (name, value) in guarded.settings)
                builder.UseSetting(name, value);
            builder.ConfigureServices(services =>
            {
                services.AddSingleton<TimeProvider>(guarded.Clock);
                services.AddSingleton<ILoggerProvider>(new Lines(guarded.Log));
            });
        }
    }

    /// <summary>Keeps each line of the log as `category: message`.</summary>
    private sealed class Lines(ConcurrentQueue<string> log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, log);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<string> log) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log.Enqueue($"{category}: {formatter(state, exception)}");
        }
    }
}

/// <summary>One such service for tests that leave it as it is, but for its keys, its log and its clock.</summary>
public sealed class SharedService : IAsyncLifetime
{
    internal Guarded Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await Guarded.Start();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>A clock that a test moves. Timers go by the real one.</summary>
internal sealed class Clock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref ahead));

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref ahead) * (TimestampFrequency / TimeSpan.TicksPerSecond);

    public void Pass(TimeSpan time) => Interlocked.Add(ref ahead, time.Ticks);

    /// <summary>To the beginning of the next minute, so that what a test does then falls into one.</summary>
    public void PassToNextMinute() => Pass(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - GetUtcNow().Ticks % TimeSpan.TicksPerMinute));
}
