namespace CooperationApi.Bench.Processes;

/// <summary>The service, published in Release configuration into a folder.</summary>
internal sealed class PublishedService
{
    /// <summary>The address of the first request: it needs the store, and the record is part of the seed data.</summary>
    public const string FirstRequestAddress = "/v1/provinces/thai-binh";

    // The exit code of the `import` command if a bundle has errors.
    private const int ImportFailedExitCode = 1;

    private readonly string program;
    private readonly string? connectionString;

    private PublishedService(string program, string? connectionString) =>
        (this.program, this.connectionString) = (program, connectionString);

    public static async Task<PublishedService> Publish(string folder, CancellationToken cancel)
    {
        await Publish("CooperationApi", folder, cancel);
        return new(Path.Combine(folder, "CooperationApi"), connectionString: null);
    }

    /// <summary>Returns the service on a PostgreSQL database; the path of a store is then that of its high-water mark file.</summary>
    public PublishedService OnPostgreSql(string connectionString) => new(program, connectionString);

    /// <summary>Publishes one of the projects under `src`.</summary>
    public static Task Publish(string project, string folder, CancellationToken cancel) =>
        ChildProcess.Run("dotnet",
            ["publish", Path.Combine(FindRepository(), "src", project, project + ".csproj"), "--use-current-runtime", "--configuration",
                "Release", "--output", folder, "--nologo"], cancel);

    /// <summary>Starts the web server on a store; the service creates and seeds a missing store.</summary>
    public Task<Server> StartServer(string storePath, CancellationToken cancel, params string[] settings) =>
        Server.Start(program, url => ["--urls", url, .. BuildSettings(storePath), .. settings], FirstRequestAddress, cancel);

    /// <summary>
    /// Starts the web server under `strace`, which writes the system calls of all its threads to a file. strace exits after the server.
    /// </summary>
    public Task<Server> StartTracedServer(string storePath, string tracePath, IEnumerable<string> traceOptions, CancellationToken cancel) =>
        Server.Start("strace", url => [.. traceOptions, "-o", tracePath, program, "--urls", url, .. BuildSettings(storePath)],
            FirstRequestAddress, cancel);

    /// <summary>Runs the `export` command and returns its peak memory in MB.</summary>
    public async Task<double> Export(string storePath, string folder, CancellationToken cancel) =>
        (await ChildProcess.Run(program, ["export", .. BuildSettings(storePath), $"--Exports:Path={folder}"], cancel)).PeakMegabytes;

    /// <summary>Runs the `import` command and returns its output and peak memory in MB.</summary>
    public Task<(string Output, double PeakMegabytes)> Import(string storePath, string bundle, CancellationToken cancel,
        bool shouldFail = false) =>
        ChildProcess.Run(program, ["import", "--on-conflict", "replace", .. BuildSettings(storePath), bundle], cancel,
            expectedExitCode: shouldFail ? ImportFailedExitCode : 0);

    /// <summary>Creates an API key with the role Editor; the service creates and seeds a missing store.</summary>
    public async Task<string> CreateKey(string storePath, CancellationToken cancel)
    {
        var (output, _) =
            await ChildProcess.Run(program,
                ["keys", "add", "--name", "Thử", "--role", "Editor", "--provinces", "*", .. BuildSettings(storePath)], cancel);
        return output.Split('\n').Single(line => line.StartsWith("coop_", StringComparison.Ordinal)).Trim();
    }

    /// <summary>Returns the root folder of the checkout.</summary>
    public static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CooperationApi.sln")))
            folder = folder.Parent
                ?? throw new MeasurementException(
                    "CooperationApi.sln not found. Run from a checkout: the service is published from source.");
        return folder.FullName;
    }

    private string[] BuildSettings(string storePath) =>
        [$"--Storage:Path={storePath}",
            .. connectionString is null ? [] : new[] { "--Storage:Engine=PostgreSQL", $"--Storage:Connection={connectionString}" },
            "--Exports:Enabled=false", "--SelfCheck:IntervalMinutes=0", "--Limits:AnonymousRequestsPerMinute=0",
            "--Logging:LogLevel:Default=Warning"];
}
