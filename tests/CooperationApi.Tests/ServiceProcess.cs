using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>A service in a separate process.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient client;
    private readonly Task<string> log;

    private ServiceProcess(Process process, Uri address) =>
        (this.process, client, log) =
            (process, new() { BaseAddress = address }, process.StandardOutput.ReadToEndAsync(CancellationToken.None));

    public Uri Address => client.BaseAddress!;

    /// <summary>Starts a service on a store and waits until it listens.</summary>
    public static async Task<ServiceProcess> Start(string storePath, params (string Name, string Value)[] variables)
    {
        var process = CliProcess.StartWithEnvironment(variables, $"--Storage:Path={storePath}", "--urls", "http://127.0.0.1:0");
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (ListeningAddressPattern().Match(line) is { Success: true } address)
            {
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new(process, new(address.Value));
            }
        }
        throw new InvalidOperationException(
            "The service did not start: " + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    public async Task<(int Status, string Body)> Get(string address)
    {
        using var response = await client.GetAsync(new Uri(Address, address), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.ReadText());
    }

    public async Task<JsonNode> GetJson(string address)
    {
        var (status, body) = await Get(address);
        Assert.True(status == 200, $"{address}: {status} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Sends SIGTERM like `docker stop` and returns the exit code.</summary>
    public async Task<int> Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>Stops the service and returns its log since it listened.</summary>
    public async Task<string> StopAndReadLog()
    {
        await Terminate();
        return await log;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+")]
    private static partial Regex ListeningAddressPattern();
}
