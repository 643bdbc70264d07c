using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Formats;

/// <summary>Tests of the limits of workbooks, which are checked before the response starts, and of their temporary files.</summary>
public sealed class WorkbookLimitTests
{
    [Fact]
    public async Task Workbook_with_too_many_rows_is_rejected_with_the_maximum()
    {
        using var api = ApiFixture.CreateIsolated();
        var seedCount = (await api.GetAllItems("/v1/statements")).Count;
        using (var connection = TestStore.CreateConnection(api.StorePath))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // The service counts rows in the table `statement` and rejects the request before it reads the records.
            command.CommandText =
                """
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1048576)
                INSERT INTO statement SELECT 1000000 + n, 'generated-' || n, kind FROM number, (SELECT kind FROM statement LIMIT 1) first
                """;
            command.ExecuteNonQuery();
        }
        var error = Assert.Single((await api.GetProblem(400, "/v1/statements?format=xlsx"))["errors"]!.AsArray())!;
        Assert.Equal(("too_many_rows", "format", "csv"),
            ((string?)error["code"], (string?)error["parameter"], (string?)error["suggestion"]));
        Assert.Contains("1048575", (string)error["detail"]!, StringComparison.Ordinal);
        using var head = await api.Send(HttpMethod.Head, "/v1/statements?format=ndjson");
        Assert.Equal((200, $"{1_048_576 + seedCount}"), ((int)head.StatusCode, head.GetHeader("Row-Count")));
        using var rejected = await api.Send(HttpMethod.Head, "/v1/statements?format=xlsx");
        Assert.Equal(400, (int)rejected.StatusCode);
    }

    [Fact]
    public async Task All_texts_too_long_for_a_cell_are_reported_and_can_be_excluded()
    {
        using var api = ApiFixture.CreateIsolated();
        var (exitCode, _,
            error) = await CliProcess.Import(api.StorePath,
                new JsonObject { ["meetings"] = new JsonArray(CreateCrowdedMeeting("crowded-a"), CreateCrowdedMeeting("crowded-b")) });
        Assert.True(exitCode == 0, error);
        var problem = await api.GetProblem(400, "/v1/meetings?format=xlsx&sort=id");
        Assert.Equal(["format: cell_too_long", "format: cell_too_long"], problem.GetErrors());
        Assert.All(problem["errors"]!.AsArray().Zip(["crowded-a", "crowded-b"]),
            pair => Assert.Contains($"'participants' of '{pair.Second}'", (string)pair.First!["detail"]!, StringComparison.Ordinal));
        Assert.Contains("crowded-a",
            FileFormatReader.ReadSheet(await api.GetFile("/v1/meetings?format=xlsx&fields=id,title,heldOn")).Select(row => row["id"]));
        Assert.Equal((await api.GetAllItems("/v1/meetings")).Count + 1,
            FileFormatReader.ReadCsv(await api.GetFile("/v1/meetings?format=csv")).Count);
    }

    [Fact]
    public async Task Workbook_without_temporary_disk_space_is_a_503_and_other_formats_work()
    {
        using var folder = new TempFolder();
        var temporary = Directory.CreateDirectory(folder.GetPath("temporary"));
        await using var service = await ServiceProcess.Start(await folder.CreateStore(), ("TMPDIR", temporary.FullName));
        temporary.Delete(recursive: true);
        var response = await RawHttp.Get(service.Address, "/v1/meetings?format=xlsx");
        Assert.Equal((503, "insufficient_storage", "5"),
            (response.Status, (string?)response.Problem["code"], response.Headers["Retry-After"].Single()));
        Assert.Empty(response.Headers["Row-Count"]);
        Assert.Equal(200, (await service.Get("/v1/meetings?format=csv")).Status);
    }

    [Fact]
    public async Task Temporary_workbook_files_are_deleted_even_if_the_client_disconnects()
    {
        using var folder = new TempFolder();
        var temporary = Directory.CreateDirectory(folder.GetPath("temporary"));
        await using var service = await ServiceProcess.Start(await folder.CreateStore(), ("TMPDIR", temporary.FullName));
        var before = temporary.GetFileSystemInfos().Select(file => file.Name).ToList();
        for (var caller = 0; caller < 20; caller++)
        {
            // The client resets the connection before the response arrives.
            using var client = new TcpClient();
            await client.ConnectAsync(service.Address.Host, service.Address.Port, TestContext.Current.CancellationToken);
            client.LingerState = new(enable: true, seconds: 0);
            await client.GetStream()
                .WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/results?format=xlsx HTTP/1.1\r\nHost: {service.Address.Authority}\r\n\r\n"),
                    TestContext.Current.CancellationToken);
            await Task.Delay(caller, TestContext.Current.CancellationToken);
        }
        Assert.Equal(200, (await service.Get("/v1/results?format=xlsx")).Status);
        List<string> ListFiles() => [.. temporary.GetFileSystemInfos().Select(file => file.Name)];
        for (var attempt = 0; attempt < 50 && !ListFiles().SequenceEqual(before); attempt++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(before, ListFiles());
    }

    private static JsonObject CreateCrowdedMeeting(string id) => new()
    {
        ["id"] = id,
        ["title"] = "Đông người dự",
        ["kind"] = "Conference",
        ["participants"] = new JsonArray(
            [.. Enumerable.Range(0, 600)
                .Select(i => (JsonNode)new JsonObject
                {
                    ["description"] = $"đại biểu thứ {i} trong số rất nhiều người dự",
                    ["role"] = "Participant",
                })]),
        ["citations"] = new JsonArray(
            new JsonObject
            {
                ["sourceId"] = SeedFacts.SourceId,
                ["locator"] = "1",
                ["supports"] = new JsonArray("title"),
                ["basis"] = "Referenced",
            }),
    };
}
