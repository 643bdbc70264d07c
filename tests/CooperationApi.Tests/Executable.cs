using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>The program as operators run it: a process of its own.</summary>
internal static class Executable
{
    /// <summary>Runs a verb, or a service that is to end by itself.</summary>
    public static async Task<Ended> Run(params string[] args)
    {
        using var process = Start(args);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"'{string.Join(' ', args)}' does not end: {await output}{await error}");
        }
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Serves a store that can't be served, which is told at once.</summary>
    public static Task<Ended> RunOn(string store) => Run($"--Storage:Path={store}", "--urls", "http://127.0.0.1:0");

    /// <summary>Imports a bundle into a store.</summary>
    public static async Task<Ended> Import(string store, JsonNode bundle)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, bundle.ToJsonString());
            return await Run("import", $"--Storage:Path={store}", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static Process Start(params string[] args) => StartWith([], args);

    /// <summary>Starts it with these variables in its environment.</summary>
    public static Process StartWith((string Name, string Value)[] variables, params string[] args)
    {
        var how = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CooperationApi.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // As on a machine where nobody has set anything.
        foreach (var name in how.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("Storage__", StringComparison.Ordinal)).ToList())
            how.Environment.Remove(name);
        // Made where a test is about them.
        how.Environment["Exports__At"] = "";
        how.Environment["Mirror__CheckMinutes"] = "0";
        foreach (var (name, value) in variables)
            how.Environment[name] = value;
        return Process.Start(how)!;
    }
}

/// <summary>Tests that start processes, one after another: with the tests of the running service beside them, two cores are busy.</summary>
[CollectionDefinition(nameof(Processes))]
public sealed class Processes;

/// <summary>The same for the verbs.</summary>
[CollectionDefinition(nameof(VerbProcesses))]
public sealed class VerbProcesses;

/// <summary>How a process ended, and what it said.</summary>
internal sealed record Ended(int Exit, string Output, string Error);

/// <summary>A service in a process of its own.</summary>
internal sealed partial class Served : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient client;
    private readonly Task<string> log;

    private Served(Process process, Uri address) =>
        (this.process, client, log) = (process, new() { BaseAddress = address }, process.StandardOutput.ReadToEndAsync(CancellationToken.None));

    public Uri Address => client.BaseAddress!;

    /// <summary>Serves a store, and waits until it listens.</summary>
    public static async Task<Served> On(string store, params (string Name, string Value)[] variables)
    {
        var process = Executable.StartWith(variables, $"--Storage:Path={store}", "--urls", "http://127.0.0.1:0");
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (Listening().Match(line) is { Success: true } address)
            {
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new(process, new(address.Value));
            }
        }
        throw new InvalidOperationException("The service did not start: " + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    public async Task<(int Status, string Body)> Get(string address)
    {
        using var answer = await client.GetAsync(new Uri(Address, address), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Text());
    }

    public async Task<JsonNode> Json(string address)
    {
        var (status, body) = await Get(address);
        Assert.True(status == 200, $"{address}: {status} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Asks it to end, as `docker stop` does, and tells how it did and how long that took.</summary>
    public async Task<(int Exit, TimeSpan Took)> Terminate()
    {
        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, clock.Elapsed);
    }

    /// <summary>Ends it, and gives all that it logged since it listened.</summary>
    public async Task<string> Ended()
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
    private static partial Regex Listening();
}

/// <summary>A folder for one test, and stores to put into it.</summary>
internal sealed class Folder : IDisposable
{
    // Filled once by the program, then copied: a store that is closed is one file, with its fence beside it.
    private static readonly Lazy<Task<(byte[] Store, byte[] Fence)>> Seeded = new(Seed);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cooperation-");

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    /// <summary>A store with the founding content.</summary>
    public async Task<string> Store(string name = "cooperation.db")
    {
        var (store, fence) = await Seeded.Value;
        await File.WriteAllBytesAsync(Path(name), store, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path(name) + ".fence", fence, TestContext.Current.CancellationToken);
        return Path(name);
    }

    /// <summary>Every file and folder in it, with the bytes' hash.</summary>
    public List<string> Snapshot() =>
    [
        .. folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => $"{entry.FullName} {(entry is FileInfo file ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "folder")}"),
    ];

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task<(byte[] Store, byte[] Fence)> Seed()
    {
        using var folder = new Folder();
        var (exit, _, error) = await Executable.Import(folder.Path("cooperation.db"), new JsonObject());
        Assert.True(exit == 0, error);
        return (await File.ReadAllBytesAsync(folder.Path("cooperation.db")), await File.ReadAllBytesAsync(folder.Path("cooperation.db.fence")));
    }
}
