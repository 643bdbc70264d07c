using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Formats;

/// <summary>What a workbook can't take is said before anything is sent, and its temporary file is left behind by nothing.</summary>
[Collection(nameof(Processes))]
public sealed class WorkbookLimitTests
{
    [Fact]
    public async Task More_rows_than_a_sheet_takes_are_refused_with_the_number()
    {
        using var api = Api.Alone();
        using (var connection = new SqliteConnection($"Data Source={api.StorePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // They are counted in the narrow table, and never read.
            command.CommandText =
                """
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1048576)
                INSERT INTO statement SELECT 1000000 + n, 'generated-' || n, kind FROM number, (SELECT kind FROM statement LIMIT 1)
                """;
            command.ExecuteNonQuery();
        }
        var fault = Assert.Single((await api.Problem(400, "/v1/statements?format=xlsx"))["errors"]!.AsArray())!;
        Assert.Equal(("too_many_rows", "format", "csv"), ((string?)fault["code"], (string?)fault["parameter"], (string?)fault["suggestion"]));
        Assert.Contains("1048575", (string)fault["detail"]!, StringComparison.Ordinal);
        using var head = await api.Send(HttpMethod.Head, "/v1/statements?format=ndjson");
        Assert.Equal((200, "1048600"), ((int)head.StatusCode, head.Header("Row-Count")));
        using var refused = await api.Send(HttpMethod.Head, "/v1/statements?format=xlsx");
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Fact]
    public async Task Texts_that_are_too_long_for_a_cell_are_named_all_at_once_and_can_be_left_out()
    {
        using var api = Api.Alone();
        var (exit, _, error) = await Executable.Import(api.StorePath, new JsonObject { ["meetings"] = new JsonArray(Crowded("crowded-a"), Crowded("crowded-b")) });
        Assert.True(exit == 0, error);
        var problem = await api.Problem(400, "/v1/meetings?format=xlsx&sort=id");
        Assert.Equal(["format: cell_too_long", "format: cell_too_long"], problem.Faults());
        Assert.All(problem["errors"]!.AsArray().Zip(["crowded-a", "crowded-b"]), pair => Assert.Contains($"'participants' of '{pair.Second}'", (string)pair.First!["detail"]!, StringComparison.Ordinal));
        Assert.Contains("crowded-a", Files.Sheet(await api.File("/v1/meetings?format=xlsx&fields=id,title,heldOn")).Select(row => row["id"]));
        Assert.Equal((await api.All("/v1/meetings")).Count + 1, Files.Table(await api.File("/v1/meetings?format=csv")).Count);
    }

    [Fact]
    public async Task A_workbook_that_there_is_no_room_for_is_a_problem_and_the_rest_goes_on()
    {
        using var folder = new Folder();
        var temporary = Directory.CreateDirectory(folder.Path("temporary"));
        await using var service = await Served.On(await folder.Store(), ("TMPDIR", temporary.FullName));
        temporary.Delete(recursive: true);
        var answer = await RawHttp.Get(service.Address, "/v1/meetings?format=xlsx");
        Assert.Equal((503, "no_room", "5"), (answer.Status, (string?)answer.Problem["code"], answer.Headers["Retry-After"].Single()));
        Assert.Empty(answer.Headers["Row-Count"]);
        Assert.Equal(200, (await service.Get("/v1/meetings?format=csv")).Status);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_workbook_whether_it_was_taken_or_not()
    {
        using var folder = new Folder();
        var temporary = Directory.CreateDirectory(folder.Path("temporary"));
        await using var service = await Served.On(await folder.Store(), ("TMPDIR", temporary.FullName));
        var before = temporary.GetFileSystemInfos().Select(file => file.Name).ToList();
        for (var caller = 0; caller < 20; caller++)
        {
            // Asks, and has gone before the answer comes.
            using var client = new TcpClient();
            await client.ConnectAsync(service.Address.Host, service.Address.Port, TestContext.Current.CancellationToken);
            client.LingerState = new(enable: true, seconds: 0);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/results?format=xlsx HTTP/1.1\r\nHost: {service.Address.Authority}\r\n\r\n"), TestContext.Current.CancellationToken);
            await Task.Delay(caller, TestContext.Current.CancellationToken);
        }
        Assert.Equal(200, (await service.Get("/v1/results?format=xlsx")).Status);
        List<string> Now() => [.. temporary.GetFileSystemInfos().Select(file => file.Name)];
        for (var patience = 0; patience < 50 && !Now().SequenceEqual(before); patience++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(before, Now());
    }

    private static JsonObject Crowded(string id) => new()
    {
        ["id"] = id,
        ["title"] = "Đông người dự",
        ["kind"] = "Conference",
        ["participants"] = new JsonArray([.. Enumerable.Range(0, 600).Select(i => (JsonNode)new JsonObject { ["description"] = $"đại biểu thứ {i} trong số rất nhiều người dự", ["role"] = "Participant" })]),
        ["citations"] = new JsonArray(new JsonObject { ["sourceId"] = Founding.Source, ["locator"] = "1", ["supports"] = new JsonArray("title"), ["basis"] = "Referenced" }),
    };
}
