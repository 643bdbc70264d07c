using System.CommandLine;
using System.Text.Json;
using CooperationApi.Bench.Loads;
using CooperationApi.Bench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CooperationApi.Bench;

/// <summary>
/// What the service is measured by: Kestrel with the service's own options, and a handler that writes one stored answer to every request
/// and does nothing else. It runs in a process of its own, as the service does.
/// </summary>
internal static class BareHandler
{
    private static readonly Option<string> UrlsOption = new("--urls") { Required = true };
    private static readonly Option<FileInfo> ResponseOption = new Option<FileInfo>("--answer") { Required = true }.AcceptExistingOnly();

    /// <summary>The command that this program starts itself with.</summary>
    public static Command Command { get; } = Create();

    /// <summary>Starts a process that gives this answer.</summary>
    public static async Task<Server> Start(RecordedResponse response, string folder, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "answer.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(response), cancel);
        return await Server.Start(Environment.ProcessPath!, url => ["bare", "--urls", url, "--answer", file], "/", cancel);
    }

    private static Command Create()
    {
        var command = new Command("bare", "Answers every request with one stored answer.") { UrlsOption, ResponseOption };
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

    private static Task WriteResponse(HttpResponse httpResponse, RecordedResponse answer)
    {
        httpResponse.StatusCode = answer.Status;
        httpResponse.Headers.ETag = answer.ETag;
        if (answer.Status == StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        httpResponse.ContentType = answer.ContentType;
        httpResponse.Headers.ContentEncoding = answer.ContentEncoding;
        httpResponse.ContentLength = answer.Body.Length;
        return httpResponse.Body.WriteAsync(answer.Body).AsTask();
    }
}
