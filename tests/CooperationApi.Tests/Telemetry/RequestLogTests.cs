using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Telemetry;

/// <summary>Tests of the log of a service in a separate process.</summary>
public sealed class RequestLogTests : IDisposable
{
    private const string Secret = "coop_abcdefgh_0123456789abcdefghij";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task In_Production_each_request_is_one_JSON_object_with_the_query_and_without_secrets()
    {
        var store = await folder.CreateStore();
        await using var service = await ServiceProcess.Start(store);
        var key = (await CliProcess.Run("keys", "add", "--name", "Thử", "--role", "Reader", $"--Storage:Path={store}")).Output.Trim();
        await service.Get("/v1/provinces/thai-binh?fields=name");
        var (_, problem) = await service.Get("/v1/provinces?limit=x&unknown=y");
        await service.Get($"/v1/provinces?q=a&api_key=mot-hai-ba&limit={Secret}&%63oop_abcdefgh_0123456789=1");
        await service.Get($"/v1/provinces/{Secret}");
        await service.Get("/provinces/thai-binh");
        await RawHttp.Get(service.Address, "/v1/keys", $"Authorization: Bearer {key}");
        await RawHttp.Get(service.Address, "/v1/provinces?q=\u001b[31m\t");
        await service.Get("/v1/provinces?q=" + new string('a', 5000));
        await service.Get("/health/live");
        await service.Get("/health/nowhere");
        var log = await service.StopAndReadLog();

        Assert.DoesNotContain("0123456789", log, StringComparison.Ordinal);
        Assert.DoesNotContain("mot-hai-ba", log, StringComparison.Ordinal);
        Assert.DoesNotContain(key, log, StringComparison.Ordinal);
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var entries = lines.Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var requests = entries.Where(entry => (string?)entry["Category"] == "CooperationApi.Requests").ToList();
        Assert.Equal(
            [
                "GET /v1/provinces/{recordId} /v1/provinces/thai-binh ?fields=name 200 ",
                "GET /v1/provinces /v1/provinces ?limit=x&unknown=y 400 invalid_request,unknown_parameter,invalid_integer",
                "GET /v1/provinces /v1/provinces ?q=a&api_key=…&limit=…&…=1 400 key_in_url",
                "GET /v1/provinces/{recordId} /v1/provinces/coop_abcdefgh_…  400 key_in_url",
                "GET /provinces/{recordId} /provinces/thai-binh  200 ",
                "GET /v1/keys /v1/keys  403 role_insufficient",
                "GET /v1/provinces /v1/provinces ?q=\u001b[31m\t 400 invalid_request,invalid_encoding",
                $"GET /v1/provinces /v1/provinces ?q={new string('a', 997)}… 400 invalid_request,too_long",
                "GET  /health/nowhere  404 not_found",
            ],
            requests.Select(entry => $"{entry["Method"]} {entry["Route"]} {entry["Path"]} {entry["Query"]} {entry["Status"]} "
                + string.Join(',', entry["Codes"]?.AsArray().Select(code => (string)code!) ?? [])));
        Assert.Equal((string?)JsonNode.Parse(problem)!["traceId"], (string?)requests[1]["TraceId"]);
        Assert.Equal(key.Split('_')[1], (string?)requests.Single(entry => (string?)entry["Route"] == "/v1/keys")["KeyId"]);
        Assert.All(requests, entry => Assert.True((double)entry["Milliseconds"]! > 0));
        Assert.All(lines.Where(line => line.Contains("CooperationApi.Requests", StringComparison.Ordinal) && line.Length < 1000),
            line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 100, 350));
        Assert.All(entries, entry => Assert.False(entry.ContainsKey("Scopes")));
    }

    [Fact]
    public async Task In_Development_each_request_is_one_readable_line()
    {
        await using var service = await ServiceProcess.Start(await folder.CreateStore(), ("ASPNETCORE_ENVIRONMENT", "Development"));
        await service.Get("/v1/provinces?limit=x");
        await RawHttp.Get(service.Address, "/v1/provinces?q=\u001b[31m");
        var lines = (await service.StopAndReadLog()).Split('\n')
            .Where(line => line.Contains("Requests", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Matches(@"^info: CooperationApi\.Requests\[0\] GET /v1/provinces\?limit=x 400 [0-9.]+ ms invalid_request invalid_integer$",
            lines[0]);
        Assert.Matches(@"GET /v1/provinces\?q=�\[31m 400 ", lines[1]);
    }

    [Fact]
    public async Task Start_is_one_summary_with_the_store_and_what_is_open()
    {
        var store = await folder.CreateStore();
        await using var service = await ServiceProcess.Start(store, ("Access__AllowAnonymousRead", "false"));
        var revision = (long)(await service.GetJson("/health/ready"))["revision"]!;
        var summary = Assert.Single((await service.StopAndReadLog()).Split('\n'),
            line => line.Contains("StartSummary", StringComparison.Ordinal));
        var state = JsonNode.Parse(summary)!["State"]!;
        Assert.Equal(TestStore.IsPostgreSql ? "postgresql" : "sqlite", (string?)state["Engine"]);
        Assert.Equal(revision, (long)state["Revision"]!);
        Assert.Equal(service.Address, new Uri((string)state["Addresses"]!));
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]{40})?$", (string?)state["Version"]);
        Assert.NotNull((string?)state["Store"]);
        Assert.Equal((false, false, false, false),
            ((bool)state["AnonymousReads"]!, (bool)state["Pages"]!, (bool)state["Exports"]!, (bool)state["Otlp"]!));
        Assert.True((bool)state["Mcp"]!);
    }
}
