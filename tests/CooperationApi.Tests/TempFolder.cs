using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>A temporary folder for one test, with seeded stores on request.</summary>
internal sealed class TempFolder : IDisposable
{
    // Created once and copied for each test: a closed store is one file plus its high-water mark.
    private static readonly Lazy<Task<(byte[] Store, byte[] HighWaterMark)>> SeededStore = new(CreateSeededStore);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cooperation-");

    public string GetPath(string name) => System.IO.Path.Combine(directory.FullName, name);

    /// <summary>Creates a store with the seed data and returns its path.</summary>
    public async Task<string> CreateStore(string name = "cooperation.db")
    {
        var (store, highWaterMark) = await SeededStore.Value;
        await File.WriteAllBytesAsync(GetPath(name), store, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(GetPath(name) + ".hwm", highWaterMark, TestContext.Current.CancellationToken);
        return GetPath(name);
    }

    /// <summary>Returns every file and folder with the SHA-256 of its content.</summary>
    public List<string> ListEntriesWithHashes() =>
    [
        .. directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => $"{entry.FullName} "
                + (entry is FileInfo file ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "folder")),
    ];

    public void Dispose() => directory.Delete(recursive: true);

    private static async Task<(byte[] Store, byte[] HighWaterMark)> CreateSeededStore()
    {
        using var folder = new TempFolder();
        var (exitCode, _, error) = await CliProcess.Import(folder.GetPath("cooperation.db"), new JsonObject());
        Assert.True(exitCode == 0, error);
        return (await File.ReadAllBytesAsync(folder.GetPath("cooperation.db")),
            await File.ReadAllBytesAsync(folder.GetPath("cooperation.db.hwm")));
    }
}
