using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Verbs;

/// <summary>`keys add|list|revoke|rotate`, on a store that a service is running on.</summary>
[Collection(nameof(VerbProcesses))]
public sealed partial class KeyVerbTests
{
    [Fact]
    public async Task What_the_verbs_do_holds_at_once_for_a_running_service_and_no_secret_is_in_its_log()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        await using var service = await Served.On(store, ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"));
        Assert.Equal(401, await Status("/v1/keys"));

        var admin = await NewKey(store, "add", "--name", "Ban biên tập", "--role", "Admin");
        Assert.Equal(200, await Status("/v1/keys", admin));
        var exchanged = await NewKey(store, "rotate", IdOf(admin), "--overlap", "1d");
        Assert.Equal((200, 200), (await Status("/v1/keys", admin), await Status("/v1/keys", exchanged)));

        var (exit, output, error) = await Keys(store, "revoke", IdOf(admin));
        Assert.Equal((0, ""), (exit, output));
        Assert.Equal((401, 200), (await Status("/v1/keys", admin), await Status("/v1/keys", exchanged)));
        Assert.DoesNotContain("No living key", error, StringComparison.Ordinal);
        (exit, _, error) = await Keys(store, "revoke", IdOf(exchanged));
        Assert.Equal(0, exit);
        Assert.Contains("No living key is an Admin's now", error, StringComparison.Ordinal);
        Assert.Equal(401, await Status("/v1/keys", exchanged));

        // Wherever somebody puts a key that doesn't belong there.
        Assert.Equal(400, await Status($"/v1/provinces?limit={exchanged}"));
        Assert.Equal(400, await Status($"/v1/provinces/{exchanged}"));
        Assert.Equal(400, await Status($"/v1/provinces?%74oken=%63oop{exchanged[4..]}"));
        Assert.Equal(401, (await RawHttp.Get(service.Address, "/v1/nowhere", $"Authorization: Basic {exchanged}", $"X-Key: {exchanged}")).Status);
        var log = await service.Ended();
        Assert.Contains($"Used {IdOf(admin)} (Admin)", log, StringComparison.Ordinal);
        Assert.Contains("Refused key_revoked", log, StringComparison.Ordinal);
        Assert.Contains($"coop_{IdOf(exchanged)}_…", log, StringComparison.Ordinal);
        Assert.All([admin, exchanged], key => Assert.DoesNotContain(key[14..34], log, StringComparison.Ordinal));

        async Task<int> Status(string address, string? key = null) =>
            (await RawHttp.Get(service.Address, address, key is null ? [] : [$"Authorization: Bearer {key}"])).Status;
    }

    [Fact]
    public async Task Keys_are_listed_without_their_secrets()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        var key = await NewKey(store, "add", "--name", "Sở Nội vụ", "--role", "Editor", "--provinces", "ha-noi,hung-yen-2025", "--expires", "90d");
        var (exit, output, error) = await Keys(store, "list");
        Assert.Equal((0, ""), (exit, error));
        Assert.Matches($@"^ID +ROLE +STATE +MADE +EXPIRES +USED +NAME +PROVINCES\n{IdOf(key)} +Editor +Living +[0-9TZ:-]+ +[0-9TZ:-]+ +- +Sở Nội vụ +ha-noi hung-yen-2025\n$", output.ReplaceLineEndings("\n"));
        Assert.DoesNotContain(key[14..], output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "add --name A", "--role")]
    [InlineData(2, "add --name A --role editor", "Editor")]
    [InlineData(2, "add --name A --role 1", "Editor")]
    [InlineData(2, "add --name A --role Editor --provinces nowhere", "--provinces: There is no record 'nowhere'")]
    [InlineData(2, "add --name A --role Reader --provinces ha-noi", "--provinces: Only the key of an Editor")]
    [InlineData(2, "add --name A --role Editor --expires 2020-01-01", "--expires: '2019-12-31T17:00:00.000Z' is not in the future")]
    [InlineData(2, "add --name A --role Editor --expires tomorrow", "tomorrow")]
    [InlineData(2, "rotate aaaaaaaa --overlap 91d", "--overlap: The value must be between 0 and 90")]
    [InlineData(2, "rotate aaaaaaaa --overlap -1d", "-1d")]
    [InlineData(1, "rotate aaaaaaaa", "There is no record 'aaaaaaaa' among keys.")]
    [InlineData(1, "revoke aaaaaaaa", "There is no record 'aaaaaaaa' among keys.")]
    public async Task What_can_not_be_done_is_said_and_prints_no_key(int exitCode, string words, string said)
    {
        using var folder = new Folder();
        var (exit, output, error) = await Keys(await folder.Store(), words.Split(' '));
        Assert.Equal(exitCode, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("coop_", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_readme_does_with_keys_can_be_done()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        var commands = Command().Matches(Repository.Read("README.md")).Select(command => command.Groups["words"].Value).ToList();
        Assert.True(commands.Count >= 4);
        var id = "";
        foreach (var command in commands)
        {
            var words = Word().Matches(command.Replace("k3j9x2ab", id, StringComparison.Ordinal)).Select(word => word.Value.Trim('\'')).ToArray();
            var (exit, output, error) = await Keys(store, words);
            Assert.True(exit == 0, $"{command}: {error}");
            if (output.StartsWith("coop_", StringComparison.Ordinal))
                id = IdOf(output);
        }
    }

    private static Task<Ended> Keys(string store, params string[] words) => Executable.Run(["keys", .. words, $"--Storage:Path={store}"]);

    /// <summary>The key that a verb prints, alone on a line.</summary>
    private static async Task<string> NewKey(string store, params string[] words)
    {
        var (exit, output, error) = await Keys(store, words);
        Assert.True(exit == 0, error);
        Assert.Matches("^coop_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\r?\n$", output);
        Assert.DoesNotContain(output.Trim(), error, StringComparison.Ordinal);
        return output.Trim();
    }

    private static string IdOf(string key) => key.Split('_')[1];

    [GeneratedRegex("""dotnet run --project src/CooperationApi -- keys (?<words>[^\n)]+)""")]
    private static partial Regex Command();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Word();
}
