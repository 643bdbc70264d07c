using System.CommandLine;
using System.Text.Json;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CooperationApi.Bench;

/// <summary>
/// The baseline of the comparisons: Kestrel with the service's options and a handler that only writes one recorded response to every
/// request. It runs in its own process, as the service does.
/// </summary>
internal static class BareHandler
{
    private static readonly Option<string> UrlsOption = new("--urls") { Required = true };
    private static readonly Option<FileInfo> ResponseOption = new Option<FileInfo>("--response") { Required = true }.AcceptExistingOnly();

    /// <summary>The hidden command with which the benchmark starts itself as a bare handler.</summary>
    public static Command Command { get; } = Create();

    /// <summary>Starts a process that sends this response to every request.</summary>
    public static async Task<Server> Start(RecordedResponse response, string folder, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "response.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(response), cancel);
        return await Server.Start(Environment.ProcessPath!, url => ["bare", "--urls", url, "--response", file], "/", cancel);
    }

    private static Command Create()
    {
        var command = new Command("bare", "Sends one recorded response to every request.") { UrlsOption, ResponseOption };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            var file = await File.ReadAllTextAsync(parsed.GetRequiredValue(ResponseOption).FullName, cancel);
            await RunServer(parsed.GetRequiredValue(UrlsOption), JsonSerializer.Deserialize<RecordedResponse>(file)!);
        });
        return command;
    }

    private static async Task RunServer(string urls, RecordedResponse response)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(urls);
        await using var app = builder.Build();
        app.Run(context => WriteResponse(context.Response, response));
        await app.RunAsync();
    }

    private static Task WriteResponse(HttpResponse httpResponse, RecordedResponse recorded)
    {
        httpResponse.StatusCode = recorded.Status;
        httpResponse.Headers.ETag = recorded.ETag;
        if (recorded.Status == StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        httpResponse.ContentType = recorded.ContentType;
        httpResponse.Headers.ContentEncoding = recorded.ContentEncoding;
        httpResponse.ContentLength = recorded.Body.Length;
        return httpResponse.Body.WriteAsync(recorded.Body).AsTask();
    }
}
