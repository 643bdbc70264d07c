namespace CooperationApi.Bench.Processes;

/// <summary>The service as it is delivered: published in Release into a folder.</summary>
internal sealed class PublishedService
{
    /// <summary>What its first answer is to: it needs the store, and every store has it.</summary>
    public const string FirstRequestAddress = "/v1/provinces/thai-binh";

    // What the verb ends with when a bundle has faults.
    private const int ImportFailedExitCode = 1;

    private readonly string program;

    private PublishedService(string folder) => program = Path.Combine(folder, "CooperationApi");

    public static async Task<PublishedService> Publish(string folder, CancellationToken cancel)
    {
        await Publish("CooperationApi", folder, cancel);
        return new(folder);
    }

    /// <summary>Publishes one of the projects under `src`.</summary>
    public static Task Publish(string project, string folder, CancellationToken cancel) =>
        ChildProcess.Run("dotnet", ["publish", Path.Combine(FindRepository(), "src", project, project + ".csproj"), "--configuration", "Release", "--output", folder, "--nologo"], cancel);

    /// <summary>Starts serving a store, which is made and seeded where there is none.</summary>
    public Task<Server> StartServer(string storePath, CancellationToken cancel, params string[] settings) =>
        Server.Start(program, url => ["--urls", url, .. BuildSettings(storePath), .. settings], FirstRequestAddress, cancel);

    /// <summary>Makes an export with the service's own verb, and answers the most memory that it took, in MB.</summary>
    public async Task<double> Export(string storePath, string folder, CancellationToken cancel) =>
        (await ChildProcess.Run(program, ["export", .. BuildSettings(storePath), $"--Exports:Path={folder}"], cancel)).MostMegabytes;

    /// <summary>Imports a bundle with the service's own verb, and answers what it said and the most memory that it took, in MB.</summary>
    public Task<(string Said, double Megabytes)> Import(string storePath, string bundle, CancellationToken cancel, bool shouldFail = false) =>
        ChildProcess.Run(program, ["import", .. BuildSettings(storePath), bundle], cancel, expectedExitCode: shouldFail ? ImportFailedExitCode : 0);

    /// <summary>Makes a key that may write, in a store that is made where there is none.</summary>
    public async Task<string> CreateKey(string storePath, CancellationToken cancel)
    {
        var (output, _) = await ChildProcess.Run(program, ["keys", "add", "--name", "Thử", "--role", "Editor", .. BuildSettings(storePath)], cancel);
        return output.Split('\n').Single(line => line.StartsWith("coop_", StringComparison.Ordinal)).Trim();
    }

    private static string[] BuildSettings(string storePath) =>
        [$"--Storage:Path={storePath}", "--Exports:Enabled=false", "--SelfCheck:IntervalMinutes=0", "--Limits:AnonymousRequestsPerMinute=0", "--Logging:LogLevel:Default=Warning"];

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CooperationApi.sln")))
            folder = folder.Parent ?? throw new MeasurementException("Run it from a checkout: the service is published from its source.");
        return folder.FullName;
    }
}
