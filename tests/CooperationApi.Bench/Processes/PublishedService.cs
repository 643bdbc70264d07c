namespace CooperationApi.Bench.Processes;

/// <summary>The service as it is delivered: published in Release into a folder.</summary>
internal sealed class PublishedService
{
    /// <summary>What its first answer is to: it needs the store, and every store has it.</summary>
    public const string FirstAddress = "/v1/provinces/thai-binh";

    // What the verb ends with when a bundle has faults.
    private const int Refused = 1;

    private readonly string program;

    private PublishedService(string folder) => program = Path.Combine(folder, "CooperationApi");

    public static async Task<PublishedService> Publish(string folder, CancellationToken cancel)
    {
        await Publish("CooperationApi", folder, cancel);
        return new(folder);
    }

    /// <summary>Publishes one of the projects under `src`.</summary>
    public static Task Publish(string project, string folder, CancellationToken cancel) =>
        ChildProcess.Run("dotnet", ["publish", Path.Combine(Repository(), "src", project, project + ".csproj"), "--configuration", "Release", "--output", folder, "--nologo"], cancel);

    /// <summary>Starts serving a store, which is made and seeded where there is none.</summary>
    public Task<Server> Serve(string store, CancellationToken cancel, params string[] settings) =>
        Server.Start(program, url => ["--urls", url, .. Settings(store), .. settings], FirstAddress, cancel);

    /// <summary>Makes an export with the service's own verb, and answers the most memory that it took, in MB.</summary>
    public async Task<double> Export(string store, string folder, CancellationToken cancel) =>
        (await ChildProcess.Run(program, ["export", .. Settings(store), $"--Exports:Path={folder}"], cancel)).MostMegabytes;

    /// <summary>Imports a bundle with the service's own verb, and answers what it said and the most memory that it took, in MB.</summary>
    public Task<(string Said, double Megabytes)> Import(string store, string bundle, CancellationToken cancel, bool isRefused = false) =>
        ChildProcess.Run(program, ["import", .. Settings(store), bundle], cancel, exit: isRefused ? Refused : 0);

    /// <summary>Makes a key that may write, in a store that is made where there is none.</summary>
    public async Task<string> AddKey(string store, CancellationToken cancel)
    {
        var (output, _) = await ChildProcess.Run(program, ["keys", "add", "--name", "Thử", "--role", "Editor", .. Settings(store)], cancel);
        return output.Split('\n').Single(line => line.StartsWith("coop_", StringComparison.Ordinal)).Trim();
    }

    private static string[] Settings(string store) =>
        [$"--Storage:Path={store}", "--Exports:At=", "--Mirror:CheckMinutes=0", "--Limits:RequestsPerMinute=0", "--Logging:LogLevel:Default=Warning"];

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CooperationApi.sln")))
            folder = folder.Parent ?? throw new MeasurementException("Run it from a checkout: the service is published from its source.");
        return folder.FullName;
    }
}
