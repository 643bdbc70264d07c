using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage;

/// <summary>A store that is older than it once was is noticed when it is started, and one that was only killed isn't taken for it.</summary>
[Collection(nameof(Processes))]
public sealed class FenceTests : IDisposable
{
    private const int Refused = 3;

    private readonly Folder folder = new();

    private string Store => folder.Path("cooperation.db");

    private string Fence => Store + ".fence";

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_older_store_in_its_place_begins_a_new_epoch_above_all_that_was_given_out()
    {
        await folder.Store();
        var before = await State();
        File.Copy(Store, folder.Path("copy"));
        await Write("mot", "hai", "ba");
        Assert.Equal((before.Epoch, before.Revision + 3), await State());
        var cursor = await Cursor();
        Replace(folder.Path("copy"));
        var after = await State();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision + 3, after.Revision);
        await using (var service = await Served.On(Store))
        {
            var (status, body) = await service.Get($"/v1/changes?cursor={cursor}");
            Assert.Equal((410, "epoch_changed"), (status, (string?)JsonNode.Parse(body)!["code"]));
            await service.Terminate();
        }
        await Write("bon");
        Assert.Equal((after.Epoch, before.Revision + 4), await State());
    }

    [Fact]
    public async Task A_restored_store_that_was_written_to_past_the_fence_elsewhere_is_noticed_too()
    {
        await folder.Store();
        var before = await State();
        File.Copy(Store, folder.Path("elsewhere.db"));
        File.Copy(Fence, folder.Path("elsewhere.db.fence"));
        await Write("mot");
        await Executable.Import(folder.Path("elsewhere.db"), Bundle("hai", "ba"));
        Replace(folder.Path("elsewhere.db"));
        var after = await State();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision + 2, after.Revision);
    }

    [Fact]
    public async Task A_store_whose_fence_is_missing_begins_a_new_epoch()
    {
        await folder.Store();
        var before = await State();
        File.Delete(Fence);
        var after = await State();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(after, await State());
    }

    [Fact]
    public async Task A_fence_that_was_written_by_half_still_holds()
    {
        await folder.Store();
        await Write("mot");
        var before = await State();
        // Whichever of its two places was being written.
        foreach (var place in (int[])[0, 1])
        {
            var whole = await File.ReadAllBytesAsync(Fence, TestContext.Current.CancellationToken);
            Assert.Equal(1024, whole.Length);
            var half = whole.ToArray();
            half.AsSpan(place * 512 + 40, 300).Fill((byte)'0');
            await File.WriteAllBytesAsync(Fence, half, TestContext.Current.CancellationToken);
            Assert.Equal(before.Epoch, (await State()).Epoch);
            await File.WriteAllBytesAsync(Fence, whole, TestContext.Current.CancellationToken);
        }
        await File.WriteAllTextAsync(Fence, new string('0', 1024), TestContext.Current.CancellationToken);
        Assert.NotEqual(before.Epoch, (await State()).Epoch);
    }

    [Fact]
    public async Task A_store_that_is_ahead_of_its_fence_was_only_killed()
    {
        await folder.Store();
        var before = await State();
        var fence = await File.ReadAllBytesAsync(Fence, TestContext.Current.CancellationToken);
        await Write("mot");
        await File.WriteAllBytesAsync(Fence, fence, TestContext.Current.CancellationToken);
        File.Copy(Store, folder.Path("copy"));
        await Write("hai");
        await File.WriteAllBytesAsync(Fence, fence, TestContext.Current.CancellationToken);
        Assert.Equal((before.Epoch, before.Revision + 2), await State());
        // What the start told the fence counts from then on.
        Replace(folder.Path("copy"));
        Assert.NotEqual(before.Epoch, (await State()).Epoch);
    }

    [Fact]
    public async Task What_was_redacted_behind_the_fence_is_no_other_store()
    {
        await folder.Store();
        await Write("mot");
        var before = await State();
        Execute("DELETE FROM record WHERE revision = (SELECT max(seq) FROM change)");
        Assert.Equal(before, await State());
    }

    [Fact]
    public async Task Without_its_fence_nothing_is_written()
    {
        await using var service = await Guarded.Start();
        var key = await service.Key(Role.Editor);
        File.Delete(service.StorePath + ".fence");
        Directory.CreateDirectory(service.StorePath + ".fence");
        Assert.Equal("unavailable", await service.Refused(503, "PUT", "/v1/organizations/mot", key, EditTests.Organization("mot"), "If-None-Match: *"));
        Assert.Equal(404, await service.Status("/v1/organizations/mot"));
        Directory.Delete(service.StorePath + ".fence");
        using var made = await service.Send("PUT", "/v1/organizations/mot", key, EditTests.Organization("mot"), "If-None-Match: *");
        Assert.Equal(201, (int)made.StatusCode);
    }

    [Fact]
    public async Task A_backup_is_made_while_the_service_writes_and_restored_where_there_is_nothing()
    {
        await folder.Store();
        var backup = folder.Path("backup.db");
        (string Epoch, long Revision) before;
        await using (var service = await Served.On(Store))
        {
            var writing = Write("mot", "hai", "ba");
            var (exit, output, error) = await Executable.Run("backup", $"--Storage:Path={Store}", backup);
            Assert.True(exit == 0, error);
            Assert.Contains(backup, output, StringComparison.Ordinal);
            await writing;
            Assert.Equal(Refused, (await Executable.Run("backup", $"--Storage:Path={Store}", backup)).Exit);
            // Written after the backup, and lost with the store.
            await Write("bon");
            before = await State();
            await service.Terminate();
        }
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Equal(Refused, (await Executable.Run("restore", $"--Storage:Path={Store}", backup)).Exit);
        Assert.Equal(before, await State());

        File.Move(Store, folder.Path("lost.db"));
        var restored = await Executable.Run("restore", $"--Storage:Path={Store}", backup);
        Assert.True(restored.Exit == 0, restored.Error);
        Assert.Contains("revoke", restored.Error, StringComparison.Ordinal);
        var after = await State();
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(before.Revision, after.Revision);
        Assert.Equal(0, Query<int>("SELECT count(*) FROM record WHERE id = 'bon'"));
        Assert.Equal("ok", Query<string>("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_store_that_is_put_back_with_its_fence_by_the_verb_is_a_new_epoch_all_the_same()
    {
        await folder.Store();
        var before = await State();
        Assert.Equal(0, (await Executable.Run("backup", $"--Storage:Path={Store}", folder.Path("backup.db"))).Exit);
        File.Delete(Store);
        Assert.Equal(0, (await Executable.Run("restore", $"--Storage:Path={Store}", folder.Path("backup.db"))).Exit);
        Assert.NotEqual(before.Epoch, (await State()).Epoch);
    }

    [Fact]
    public async Task What_is_no_whole_backup_is_not_restored()
    {
        await folder.Store("backup.db");
        await File.WriteAllTextAsync(folder.Path("text.db"), "a text that is long enough to be a header of a database and isn't one: " + new string('x', 100), TestContext.Current.CancellationToken);
        using (var file = File.OpenWrite(folder.Path("backup.db")))
            file.SetLength(file.Length / 2);
        foreach (var name in (string[])["text.db", "backup.db"])
        {
            Assert.Equal(Refused, (await Executable.Run("restore", $"--Storage:Path={Store}", folder.Path(name))).Exit);
            Assert.False(File.Exists(Store));
        }
        Assert.Equal(Refused, (await Executable.Run("backup", $"--Storage:Path={Store}", folder.Path("none.db"))).Exit);
        Assert.False(File.Exists(Store));
    }

    /// <summary>Starts the program on the store, which does what a start does, and tells where the store is.</summary>
    private async Task<(string Epoch, long Revision)> State()
    {
        await using (Guarded.On(Store))
            return Query<(string, long)>("SELECT epoch, head FROM feed");
    }

    private async Task Write(params string[] names)
    {
        await using var service = Guarded.On(Store);
        var key = await service.Key();
        foreach (var name in names)
            await service.Json(HttpStatusCode.OK, "POST", "/v1/imports", key, Bundle(name));
    }

    private static JsonObject Bundle(params string[] names) => new()
    {
        ["organizations"] = new JsonArray([.. names.Select(name => Organization(name))]),
    };

    private static JsonObject Organization(string name)
    {
        var organization = EditTests.Organization(name);
        organization["id"] = name;
        return organization;
    }

    private async Task<string> Cursor()
    {
        await using var service = await Served.On(Store);
        var head = await service.Json("/v1/changes/head");
        await service.Terminate();
        return (string)head["cursor"]!;
    }

    /// <summary>Puts another file in the store's place, as an operator would who knows no verb for it.</summary>
    private void Replace(string other)
    {
        foreach (var log in (string[])["-wal", "-shm"])
            File.Delete(Store + log);
        File.Copy(other, Store, overwrite: true);
    }

    private T Query<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Pooling=false");
        return connection.QuerySingle<T>(sql);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Pooling=false");
        connection.Execute(sql);
    }
}
