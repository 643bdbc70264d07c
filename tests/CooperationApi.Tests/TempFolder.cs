using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>A temporary folder for one test, with seeded stores on request.</summary>
internal sealed class TempFolder : IDisposable
{
    // Created once and copied for each test: a closed store is one file or database, plus its high-water mark.
    private static readonly Lazy<Task<(string Path, byte[] Store, byte[] HighWaterMark)>> SeededStore = new(CreateSeededStore);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cooperation-");

    public string GetPath(string name) => System.IO.Path.Combine(directory.FullName, name);

    /// <summary>Creates a store with the seed data and returns its path.</summary>
    public async Task<string> CreateStore(string name = "cooperation.db")
    {
        var seeded = await SeededStore.Value;
        if (TestStore.IsPostgreSql)
            TestStore.CopyDatabase(seeded.Path, GetPath(name));
        else
            await File.WriteAllBytesAsync(GetPath(name), seeded.Store, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(GetPath(name) + ".hwm", seeded.HighWaterMark, TestContext.Current.CancellationToken);
        return GetPath(name);
    }

    /// <summary>Returns every file, folder and store with the SHA-256 of its content.</summary>
    public List<string> ListEntriesWithHashes() =>
    [
        .. directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => (Path: entry.FullName,
                Hash: entry is FileInfo file ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "folder"))
            .Concat(TestStore.ListDatabasesWithHashes(directory.FullName)).OrderBy(entry => entry.Path, StringComparer.Ordinal)
            .Select(entry => $"{entry.Path} {entry.Hash}"),
    ];

    public void Dispose()
    {
        directory.Delete(recursive: true);
        TestStore.DropDatabases(directory.FullName);
    }

    // The database of a seeded store on PostgreSQL is the template of all others. The server is deleted after the tests.
    private static async Task<(string Path, byte[] Store, byte[] HighWaterMark)> CreateSeededStore()
    {
        var folder = new TempFolder();
        var path = folder.GetPath("cooperation.db");
        var (exitCode, _, error) = await CliProcess.Import(path, new JsonObject());
        Assert.True(exitCode == 0, error);
        byte[] store = TestStore.IsPostgreSql ? [] : await File.ReadAllBytesAsync(path);
        var highWaterMark = await File.ReadAllBytesAsync(path + ".hwm");
        if (!TestStore.IsPostgreSql)
            folder.Dispose();
        return (path, store, highWaterMark);
    }
}
