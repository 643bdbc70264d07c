using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>A folder for one test, and stores to put into it.</summary>
internal sealed class TempFolder : IDisposable
{
    // Filled once by the program, then copied: a store that is closed is one file, with its fence beside it.
    private static readonly Lazy<Task<(byte[] Store, byte[] Fence)>> SeededStore = new(CreateSeededStore);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cooperation-");

    public string GetPath(string name) => System.IO.Path.Combine(directory.FullName, name);

    /// <summary>A store with the founding content.</summary>
    public async Task<string> CreateStore(string name = "cooperation.db")
    {
        var (store, highWaterMark) = await SeededStore.Value;
        await File.WriteAllBytesAsync(GetPath(name), store, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(GetPath(name) + ".hwm", highWaterMark, TestContext.Current.CancellationToken);
        return GetPath(name);
    }

    /// <summary>Every file and folder in it, with the bytes' hash.</summary>
    public List<string> ListEntriesWithHashes() =>
    [
        .. directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => $"{entry.FullName} {(entry is FileInfo file ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "folder")}"),
    ];

    public void Dispose() => directory.Delete(recursive: true);

    private static async Task<(byte[] Store, byte[] Fence)> CreateSeededStore()
    {
        using var folder = new TempFolder();
        var (exit, _, error) = await CliProcess.Import(folder.GetPath("cooperation.db"), new JsonObject());
        Assert.True(exit == 0, error);
        return (await File.ReadAllBytesAsync(folder.GetPath("cooperation.db")), await File.ReadAllBytesAsync(folder.GetPath("cooperation.db.hwm")));
    }
}
