using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CooperationApi.Tests.Telemetry;

/// <summary>Tests of the traces and metrics that the service exports over OTLP.</summary>
public sealed class OtlpTests : IAsyncDisposable
{
    private readonly WebApplication receiver;
    private readonly Dictionary<string, string> received = new() { ["/v1/traces"] = "", ["/v1/metrics"] = "", ["/v1/logs"] = "" };

    public OtlpTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        receiver = builder.Build();
        receiver.MapPost("/{**path}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
            // Protocol Buffers store text as UTF-8.
            lock (received)
                received[request.Path.Value!] += Encoding.UTF8.GetString(body.ToArray());
        });
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Fact]
    public async Task Spans_and_metrics_have_routes_and_no_ids_queries_or_keys()
    {
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TempFolder();
        await using (var service = await ServiceProcess.Start(await folder.CreateStore(),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "cooperation-test")))
        {
            Assert.Equal(200, (await service.Get("/v1/provinces/thai-binh?fields=validFrom")).Status);
            Assert.Equal(400, (await service.Get("/v1/officials/nguyen-van-sau?token=coop_abcdefgh_0123456789")).Status);
            Assert.Equal(401, (await RawHttp.Get(service.Address, "/v1/nowhere", "Authorization: Bearer coop_ijklmnop_0123456789",
                "User-Agent: coop_qrstuvwx_0123456789")).Status);
            Assert.Equal(200, (await service.Get("/health/ready")).Status);
            // The exporters send the rest when the service stops.
            Assert.Contains("\"Otlp\":true", await service.StopAndReadLog(), StringComparison.Ordinal);
        }
        var (traces, metrics) = (received["/v1/traces"], received["/v1/metrics"]);
        foreach (var part in new[] { "/v1/provinces/{recordId}", "db.system.name", "read", "cooperation-test" })
            Assert.Contains(part, traces, StringComparison.Ordinal);
        foreach (var part in new[] { "http.server.request.duration", "db.client.operation.duration", "cooperation.feed.head" })
            Assert.Contains(part, metrics, StringComparison.Ordinal);
        foreach (var part in new[] { "thai-binh", "nguyen-van", "validFrom", "fields", "abcdefgh", "ijklmnop", "qrstuvwx", "nowhere",
            "url.query", "url.path", "user_agent", "SELECT", "/health" })
            Assert.DoesNotContain(part, traces + metrics, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", received["/v1/logs"]);
    }
}
