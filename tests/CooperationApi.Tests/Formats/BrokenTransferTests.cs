using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Formats;

/// <summary>What fails on the way never looks like a whole file.</summary>
[Collection(nameof(VerbProcesses))]
public sealed class BrokenTransferTests
{
    private static readonly string[] Streams = ["csv", "csv&profile=excel", "ndjson"];

    [Fact]
    public async Task A_record_that_is_damaged_breaks_the_transfer_off()
    {
        using var api = Api.Alone();
        await Fill(api);
        Damage(api, "z-last");
        foreach (var format in Streams)
        {
            foreach (var encoding in new[] { "identity", "gzip" })
            {
                var (status, rows, whole) = await Transfer(api, $"/v1/organizations?sort=id&format={format}", "Accept-Encoding: " + encoding);
                Assert.Equal((format, encoding, 200, "214", false), (format, encoding, status, rows, whole));
            }
        }
    }

    [Fact]
    public async Task A_record_that_is_damaged_before_anything_is_sent_is_a_problem_with_nothing_of_the_file_about_it()
    {
        using var api = Api.Alone();
        Damage(api, "ubnd-tp-ha-noi");
        foreach (var format in Streams.Append("xlsx"))
        {
            using var answer = await api.Get($"/v1/organizations?format={format}");
            Assert.Equal("unavailable", (string?)(await Api.ProblemOf(503, answer))["code"]);
            Assert.All(["ETag", "Row-Count", "Content-Disposition", "Content-Encoding"], header => Assert.Null(answer.Header(header)));
            Assert.Equal("5", answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task A_workbook_with_a_record_that_is_damaged_is_never_begun()
    {
        using var api = Api.Alone();
        await Fill(api);
        Damage(api, "z-last");
        await api.Problem(503, "/v1/organizations?sort=id&format=xlsx");
    }

    [Fact]
    public async Task A_row_that_is_counted_and_not_there_breaks_the_transfer_off()
    {
        using var api = Api.Alone();
        await Fill(api);
        Execute(api, "DELETE FROM record WHERE type = 'organizations' AND id = 'filler-100'");
        Assert.Equal((200, "214", false), await Transfer(api, "/v1/organizations?sort=id&format=ndjson"));
    }

    [Fact]
    public async Task What_is_written_meanwhile_is_not_in_the_file()
    {
        using var api = Api.Alone();
        await Fill(api);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Address, "/v1/organizations?sort=id&format=ndjson"));
        using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var (exit, _, error) = await Executable.Import(api.StorePath, new JsonObject { ["organizations"] = new JsonArray(Organization("zz-new", "Mới")) });
        Assert.True(exit == 0, error);
        Assert.Equal(214, Files.Lines(await answer.Bytes()).Count);
        Assert.Equal(215, Files.Lines(await api.File("/v1/organizations?format=ndjson")).Count);
    }

    /// <summary>The status, the rows announced, and whether the transfer ended as HTTP says that a whole one does.</summary>
    private static async Task<(int Status, string? Rows, bool IsWhole)> Transfer(Api api, string address, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Address, address));
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        try
        {
            await answer.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, answer.Header("Row-Count"), true);
        }
        catch (HttpRequestException)
        {
            return ((int)answer.StatusCode, answer.Header("Row-Count"), false);
        }
    }

    /// <summary>Adds so many records that they don't all fit into what is sent at once.</summary>
    private static async Task Fill(Api api)
    {
        var organizations = Enumerable.Range(0, 199).Select(i => Organization($"filler-{i:000}", $"Tổ chức số {i} " + Noise(i))).Append(Organization("z-last", "Cuối cùng"));
        var (exit, _, error) = await Executable.Import(api.StorePath, new JsonObject { ["organizations"] = new JsonArray([.. organizations]) });
        Assert.True(exit == 0, error);

        // Of letters that gzip can't make much smaller.
        static string Noise(int seed)
        {
            var random = new Random(seed);
            return string.Concat(Enumerable.Range(0, 280).Select(_ => (char)random.Next('一', '龥')));
        }
    }

    private static JsonObject Organization(string id, string name) => new JsonObject
    {
        ["id"] = id,
        ["name"] = name,
        ["kind"] = "Other",
        ["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = Founding.Source,
            ["locator"] = "1",
            ["note"] = string.Concat(Enumerable.Repeat("Dẫn chứng cho một bản ghi làm đầy danh sách. ", 20)),
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        }),
    };

    /// <summary>Changes a record's body behind the service's back.</summary>
    private static void Damage(Api api, string id) => Execute(api, $"UPDATE record SET body = replace(body, '\"kind\"', '\"kinb\"') WHERE type = 'organizations' AND id = '{id}'");

    private static void Execute(Api api, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={api.StorePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
