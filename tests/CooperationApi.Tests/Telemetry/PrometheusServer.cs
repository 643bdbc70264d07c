using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Telemetry;

/// <summary>A Prometheus server of the Debian package, which scrapes one service each second and has the alert rules.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly TempFolder folder;
    private readonly Process process;
    private readonly HttpClient client;

    private PrometheusServer(TempFolder folder, Process process, Uri address) =>
        (this.folder, this.process, client) = (folder, process, new() { BaseAddress = address });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PrometheusServer> Start(Uri target, string rulePath)
    {
        var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.GetPath("prometheus.yaml"),
            $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ "{{rulePath}}" ]
            scrape_configs:
              - job_name: cooperation
                static_configs: [ { targets: [ "{{target.Authority}}" ] } ]

            """, Cancel);
        var address = new Uri($"http://127.0.0.1:{FindFreePort()}");
        var process = Process.Start(new ProcessStartInfo("prometheus",
            [$"--config.file={folder.GetPath("prometheus.yaml")}", $"--storage.tsdb.path={folder.GetPath("data")}",
                $"--web.listen-address={address.Authority}", "--log.level=error"])
        { WorkingDirectory = folder.GetPath("") })!;
        return new(folder, process, address);
    }

    /// <summary>Returns the values of the series that an expression selects; none before the server has started.</summary>
    public async Task<IReadOnlyList<string>> Query(string expression) =>
        await Get($"query?query={Uri.EscapeDataString(expression)}") is not { } data
            ? []
            : [.. data["result"]!.AsArray().Select(series => (string)series!["value"]![1]!)];

    /// <summary>Returns a resource of the API; null before the server has started.</summary>
    public async Task<JsonNode?> Get(string resource)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"/api/v1/{resource}", UriKind.Relative), Cancel);
            var answer = await response.ReadText();
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{resource}: {answer}");
            return response.IsSuccessStatusCode ? JsonNode.Parse(answer)!["data"] : null;
        }
        catch (HttpRequestException) when (!process.HasExited)
        {
            return null;
        }
    }

    public void Dispose()
    {
        client.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        folder.Dispose();
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
