using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Cli;

/// <summary>Tests of `keys add`, `list`, `revoke` and `rotate` on the store of a running service.</summary>
public sealed partial class KeyCommandTests
{
    [Fact]
    public async Task Key_commands_take_effect_at_once_and_no_secret_is_logged()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await using var service = await ServiceProcess.Start(store, ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"));
        Assert.Equal(401, await GetStatusCode("/v1/keys"));

        var admin = await CreateKey(store, "add", "--name", "Ban biên tập", "--role", "Admin");
        Assert.Equal(200, await GetStatusCode("/v1/keys", admin));
        var rotated = await CreateKey(store, "rotate", GetKeyId(admin), "--grace-period", "1d");
        Assert.Equal((200, 200), (await GetStatusCode("/v1/keys", admin), await GetStatusCode("/v1/keys", rotated)));

        var (exitCode, output, error) = await RunKeys(store, "revoke", GetKeyId(admin));
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Equal((401, 200), (await GetStatusCode("/v1/keys", admin), await GetStatusCode("/v1/keys", rotated)));
        Assert.DoesNotContain("No active Admin key", error, StringComparison.Ordinal);
        (exitCode, _, error) = await RunKeys(store, "revoke", GetKeyId(rotated));
        Assert.Equal(0, exitCode);
        Assert.Contains("No active Admin key is left", error, StringComparison.Ordinal);
        Assert.Equal(401, await GetStatusCode("/v1/keys", rotated));

        // Keys in the wrong place: query value, path, encoded query and wrong headers.
        Assert.Equal(400, await GetStatusCode($"/v1/provinces?limit={rotated}"));
        Assert.Equal(400, await GetStatusCode($"/v1/provinces/{rotated}"));
        Assert.Equal(400, await GetStatusCode($"/v1/provinces?%74oken=%63oop{rotated[4..]}"));
        Assert.Equal(401,
            (await RawHttp.Get(service.Address, "/v1/nowhere", $"Authorization: Basic {rotated}", $"X-Key: {rotated}")).Status);
        var log = await service.StopAndReadLog();
        Assert.Contains($"First use this hour: {GetKeyId(admin)} (Admin)", log, StringComparison.Ordinal);
        Assert.Contains("Request rejected: key_revoked", log, StringComparison.Ordinal);
        Assert.Contains($"coop_{GetKeyId(rotated)}_…", log, StringComparison.Ordinal);
        Assert.All([admin, rotated], key => Assert.DoesNotContain(key[14..34], log, StringComparison.Ordinal));

        async Task<int> GetStatusCode(string address, string? key = null) =>
            (await RawHttp.Get(service.Address, address, key is null ? [] : [$"Authorization: Bearer {key}"])).Status;
    }

    [Fact]
    public async Task Keys_are_listed_without_their_secrets()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        var key = await CreateKey(store, "add", "--name", "Sở Nội vụ", "--role", "Editor", "--provinces", "ha-noi,hung-yen-2025",
            "--expires", "90d");
        var (exitCode, output, error) = await RunKeys(store, "list");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(
            $@"^ID +ROLE +STATE +CREATED +EXPIRES +LAST USED +NAME +PROVINCES\n{GetKeyId(key)} +Editor +Active "
            + @"+[0-9TZ:-]+ +[0-9TZ:-]+ +- +Sở Nội vụ +ha-noi hung-yen-2025\n$", output.ReplaceLineEndings("\n"));
        Assert.DoesNotContain(key[14..], output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "add --name A", "--role")]
    [InlineData(2, "add --name A --role editor", "Editor")]
    [InlineData(2, "add --name A --role 1", "Editor")]
    [InlineData(2, "add --name A --role Editor --provinces nowhere", "--provinces: Record 'nowhere' does not exist in provinces.")]
    [InlineData(2, "add --name A --role Reader --provinces ha-noi", "--provinces: Only a key with the role Editor")]
    [InlineData(2, "add --name A --role Editor", "--provinces: A key with the role Editor needs")]
    [InlineData(2, "add --name A --role Editor --provinces *,ha-noi", "--provinces: A key with the role Editor needs")]
    [InlineData(2, "add --name A --role Editor --provinces * --expires 2020-01-01",
        "--expires: '2019-12-31T17:00:00.000Z' is not in the future")]
    [InlineData(2, "add --name A --role Editor --provinces * --expires tomorrow", "tomorrow")]
    [InlineData(2, "rotate aaaaaaaa --grace-period 91d", "--grace-period: The value must be between 0 and 90")]
    [InlineData(2, "rotate aaaaaaaa --grace-period -1d", "-1d")]
    [InlineData(1, "rotate aaaaaaaa", "'keys/aaaaaaaa' does not exist.")]
    [InlineData(1, "revoke aaaaaaaa", "'keys/aaaaaaaa' does not exist.")]
    public async Task Invalid_key_command_is_reported_and_prints_no_key(int expectedExitCode, string arguments, string message)
    {
        using var folder = new TempFolder();
        var (exitCode, output, error) = await RunKeys(await folder.CreateStore(), arguments.Split(' '));
        Assert.Equal(expectedExitCode, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("coop_", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documented_key_commands_succeed()
    {
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        var commands = CommandPattern().Matches(RepositoryFiles.ReadText("docs/operations.md"))
            .Select(command => command.Groups["arguments"].Value).ToList();
        Assert.True(commands.Count >= 4);
        var id = "";
        foreach (var command in commands)
        {
            var arguments = ArgumentPattern().Matches(command.Replace("k3j9x2ab", id, StringComparison.Ordinal))
                .Select(match => match.Value.Trim('\'')).ToArray();
            var (exitCode, output, error) = await RunKeys(store, arguments);
            Assert.True(exitCode == 0, $"{command}: {error}");
            if (output.StartsWith("coop_", StringComparison.Ordinal))
                id = GetKeyId(output);
        }
    }

    private static Task<ProcessResult> RunKeys(string storePath, params string[] arguments) =>
        CliProcess.Run(["keys", .. arguments, $"--Storage:Path={storePath}"]);

    /// <summary>Runs a `keys` command and returns the key that it prints alone on a line.</summary>
    private static async Task<string> CreateKey(string storePath, params string[] arguments)
    {
        var (exitCode, output, error) = await RunKeys(storePath, arguments);
        Assert.True(exitCode == 0, error);
        Assert.Matches("^coop_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\r?\n$", output);
        Assert.DoesNotContain(output.Trim(), error, StringComparison.Ordinal);
        return output.Trim();
    }

    private static string GetKeyId(string key) => key.Split('_')[1];

    [GeneratedRegex("""dotnet run --project src/CooperationApi -- keys (?<arguments>[^\n)]+)""")]
    private static partial Regex CommandPattern();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex ArgumentPattern();
}
