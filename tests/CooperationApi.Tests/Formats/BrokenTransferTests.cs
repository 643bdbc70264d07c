using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Formats;

/// <summary>Tests of transfers that fail after the response has started: the client can detect the incomplete file.</summary>
public sealed class BrokenTransferTests
{
    private static readonly string[] StreamedFormats = ["csv", "csv&profile=excel", "ndjson"];

    [Fact]
    public async Task Corrupt_record_aborts_the_transfer()
    {
        using var api = ApiFixture.CreateIsolated();
        await ImportFillers(api);
        CorruptRecord(api, "z-last");
        foreach (var format in StreamedFormats)
        {
            foreach (var encoding in new[] { "identity", "gzip" })
            {
                var (status, rows, isComplete) =
                    await Download(api, $"/v1/organizations?sort=id&format={format}", "Accept-Encoding: " + encoding);
                Assert.Equal((format, encoding, 200, "216", false), (format, encoding, status, rows, isComplete));
            }
        }
    }

    [Fact]
    public async Task Corrupt_record_before_the_first_byte_is_a_503_without_file_headers()
    {
        using var api = ApiFixture.CreateIsolated();
        CorruptRecord(api, "ubnd-tp-ha-noi");
        foreach (var format in StreamedFormats.Append("xlsx"))
        {
            using var response = await api.Get($"/v1/organizations?format={format}");
            Assert.Equal("damaged", (string?)(await ApiFixture.ReadProblem(503, response))["code"]);
            Assert.All(["ETag", "Row-Count", "Content-Disposition", "Content-Encoding"], header => Assert.Null(response.GetHeader(header)));
            Assert.Equal("5", response.GetHeader("Retry-After"));
        }
    }

    [Fact]
    public async Task Workbook_with_a_corrupt_record_is_a_503()
    {
        using var api = ApiFixture.CreateIsolated();
        await ImportFillers(api);
        CorruptRecord(api, "z-last");
        await api.GetProblem(503, "/v1/organizations?sort=id&format=xlsx");
    }

    [Fact]
    public async Task Counted_but_missing_row_aborts_the_transfer()
    {
        using var api = ApiFixture.CreateIsolated();
        await ImportFillers(api);
        Execute(api, "DELETE FROM record WHERE type = 'organizations' AND id = 'filler-100'");
        Assert.Equal((200, "216", false), await Download(api, "/v1/organizations?sort=id&format=ndjson"));
    }

    [Fact]
    public async Task Concurrent_writes_are_not_in_the_file()
    {
        using var api = ApiFixture.CreateIsolated();
        await ImportFillers(api);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Address, "/v1/organizations?sort=id&format=ndjson"));
        using var response =
            await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var (exitCode, _,
            error) = await CliProcess.Import(api.StorePath,
                new JsonObject { ["organizations"] = new JsonArray(CreateOrganization("zz-new", "Mới")) });
        Assert.True(exitCode == 0, error);
        Assert.Equal(216, FileFormatReader.ReadNdjson(await response.ReadBytes()).Count);
        Assert.Equal(217, FileFormatReader.ReadNdjson(await api.GetFile("/v1/organizations?format=ndjson")).Count);
    }

    [Fact]
    public async Task Download_past_its_timeout_is_aborted_and_releases_its_snapshot()
    {
        await using var service = await AuthenticatedService.Start(("Limits:DownloadTimeoutSeconds", "1"));
        // More than the buffers of both sockets.
        await ImportFillers(service.StorePath, count: 5000);
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(service.Address.Host, service.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /v1/organizations?format=ndjson HTTP/1.1\r\nHost: {service.Address.Authority}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        Assert.NotEqual(-1, stream.ReadByte());
        // The client reads no more.
        await service.CreateKey(Role.Editor);
        Assert.True(SpinWait.SpinUntil(() => !TestStore.HasSnapshot(service.StorePath), TimeSpan.FromSeconds(60)));
        using var response = new MemoryStream();
        try
        {
            await stream.CopyToAsync(response, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The service reset the connection.
        }
        Assert.DoesNotContain("\r\n0\r\n\r\n", Encoding.UTF8.GetString(response.ToArray()), StringComparison.Ordinal);
        Assert.Equal(200, await service.GetStatusCode("/v1/indicators?format=csv"));
    }

    /// <summary>Downloads a file and returns its status, its Row-Count header and true if the transfer was complete.</summary>
    private static async Task<(int Status, string? Rows, bool IsComplete)> Download(ApiFixture api, string address, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Address, address));
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        using var response =
            await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        try
        {
            await response.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
            return ((int)response.StatusCode, response.GetHeader("Row-Count"), true);
        }
        catch (HttpRequestException)
        {
            return ((int)response.StatusCode, response.GetHeader("Row-Count"), false);
        }
    }

    /// <summary>Imports 200 organizations, which are larger than the response buffer.</summary>
    private static Task ImportFillers(ApiFixture api) => ImportFillers(api.StorePath, count: 200);

    private static async Task ImportFillers(string storePath, int count)
    {
        var organizations = Enumerable.Range(0, count - 1)
            .Select(i => CreateOrganization($"filler-{i:000}", $"Tổ chức số {i} " + CreateNoise(i)))
            .Append(CreateOrganization("z-last", "Cuối cùng"));
        var (exitCode, _, error) =
            await CliProcess.Import(storePath, new JsonObject { ["organizations"] = new JsonArray([.. organizations]) });
        Assert.True(exitCode == 0, error);

        // Random characters, which gzip compresses little.
        static string CreateNoise(int seed)
        {
            var random = new Random(seed);
            return string.Concat(Enumerable.Range(0, 280).Select(_ => (char)random.Next('一', '龥')));
        }
    }

    private static JsonObject CreateOrganization(string id, string name) => new JsonObject
    {
        ["id"] = id,
        ["name"] = name,
        ["kind"] = "Other",
        ["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = SeedFacts.SourceId,
            ["locator"] = "1",
            ["note"] = string.Concat(Enumerable.Repeat("Dẫn chứng cho một bản ghi làm đầy danh sách. ", 20)).TrimEnd(),
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        }),
    };

    /// <summary>Corrupts the body of a record directly in the store.</summary>
    private static void CorruptRecord(ApiFixture api, string id) =>
        Execute(api, $"UPDATE record SET body = {TestStore.ReplaceJson("body", "\"kind\"", "\"kinb\"")} "
            + $"WHERE type = 'organizations' AND id = '{id}'");

    private static void Execute(ApiFixture api, string sql)
    {
        using var connection = TestStore.CreateConnection(api.StorePath);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
