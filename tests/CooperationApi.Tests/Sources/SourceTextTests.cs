using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Editing;

namespace CooperationApi.Tests.Sources;

/// <summary>Sources may hold their text: then no quote goes in that doesn't stand in it.</summary>
public sealed class SourceTextTests : IAsyncLifetime
{
    // Letters outside the basic plane count as one; what stands behind them shows it.
    private const string Text = "😀 Hà Nội trao tặng 3 tỷ đồng 😀 và 100 con bò giống.", Quote = "100 con bò giống";
    private const string Source = "/v1/sources/bai-bao", Address = Source + "/text", Record = "/v1/organizations/mot-co-quan";

    private static readonly int Start = Text[..Text.IndexOf(Quote, StringComparison.Ordinal)].EnumerateRunes().Count();

    private Guarded service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await Guarded.Start();
        key = await service.Key(Role.Editor);
        Assert.Equal(201, await Put(Source, new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press" }));
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task The_record_says_of_its_text_what_was_given_and_nobody_reads_it()
    {
        var source = await Give(200, "\uFEFF" + Text.Normalize(NormalizationForm.FormD));
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))), Text.EnumerateRunes().Count()), ((string?)source["sha256"], (int)source["length"]!));
        Assert.Equal(source.ToJsonString(), (await Give(200, Text)).ToJsonString());
        Assert.Equal("method_not_allowed", await service.Refused(405, "GET", Address, key));
        Assert.DoesNotContain("trao tặng", (await service.Json(HttpStatusCode.OK, "GET", Source, key)).ToJsonString(Wire.Json), StringComparison.Ordinal);
        Assert.Empty((await service.Json(HttpStatusCode.OK, "GET", "/v1/search?q=%22trao%20tang%203%20ty%22&types=sources", key))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_quote_goes_in_only_if_it_stands_where_it_says()
    {
        await Give(200, Text);
        Assert.Equal(201, await Put(Record, Quoting(Quote, Start)));
        foreach (var (quote, start) in new[] { (Quote, Start + 1), (Quote, Start - 1), ("100 con bò giồng", Start), ("100 Con bò giống", Start), (Quote, 5000) })
        {
            using var refused = await service.Send("PUT", Record, key, Quoting(quote, start), "If-Match: *");
            var fault = Assert.Single((await Api.ProblemOf(400, refused))["errors"]!.AsArray())!;
            Assert.Equal(("quote_differs", "/citations/0/quote"), ((string?)fault["code"], (string?)fault["pointer"]));
        }
    }

    [Fact]
    public async Task A_text_in_which_quotes_do_not_stand_is_not_taken()
    {
        Assert.Equal(201, await Put(Record, Quoting(Quote, Start)));
        var problem = await Give(409, "Một dòng mới. " + Text);
        var fault = Assert.Single(problem["errors"]!.AsArray())!;
        Assert.Equal(("quotes_differ", "quote_differs", "organizations/mot-co-quan", "/citations/0/quote"),
            ((string?)problem["code"], (string?)fault["code"], (string?)fault["record"], (string?)fault["pointer"]));
        Assert.Null((await service.Json(HttpStatusCode.OK, "GET", Source, key))["sha256"]);
        await Give(200, Text);
    }

    [Fact]
    public async Task What_the_record_says_of_its_text_is_what_a_text_has_to_prove()
    {
        Assert.Equal(200, await Put(Source, new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press", ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))) }, "If-Match: *"));
        Assert.Equal("text_is_another", (string?)(await Give(400, Text + " "))["errors"]![0]!["code"]);
        await Give(200, Text);
        // From then on the record can't say anything else.
        using var other = await service.Send("PATCH", Source, new StringContent("""{"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}""",
            Encoding.UTF8, "application/merge-patch+json"), $"Authorization: Bearer {key}", "If-Match: *");
        Assert.Equal("text_differs", (string?)(await Api.ProblemOf(400, other))["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task The_text_goes_with_its_source()
    {
        await Give(200, Text);
        using var removed = await service.Send("DELETE", Source, key, null, "If-Match: *");
        Assert.Equal(204, (int)removed.StatusCode);
        Assert.Equal("record_removed", (string?)(await Give(410, Text))["code"]);
        await Put("/v1/sources/bai-bao-khac", new JsonObject { ["title"] = "Bài khác", ["kind"] = "Press" });
        var quoting = Quoting("không có ở đâu", 0);
        quoting["citations"]![0]!["sourceId"] = "bai-bao-khac";
        Assert.Equal(201, await Put(Record, quoting));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    public async Task What_is_no_text_is_refused(byte[] bytes)
    {
        using var answer = await Send(bytes);
        Assert.Equal("text_unreadable", (string?)(await Api.ProblemOf(400, answer))["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task An_editor_of_a_province_may_give_the_text_that_a_hash_proves_and_no_other()
    {
        var bound = (await service.Make(Role.Editor, ["hung-yen-2025"])).Secret;
        using var refused = await Send(Encoding.UTF8.GetBytes(Text), bound);
        Assert.Equal("province_foreign", (string?)(await Api.ProblemOf(403, refused))["code"]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
        await Put(Source, new JsonObject { ["title"] = "Một bài báo", ["kind"] = "Press", ["sha256"] = hash, ["length"] = Text.EnumerateRunes().Count() }, "If-Match: *");
        using var given = await Send(Encoding.UTF8.GetBytes(Text), bound);
        Assert.Equal(200, (int)given.StatusCode);
    }

    [Fact]
    public async Task The_founding_report_proves_its_record()
    {
        Assert.SkipWhen(Repository.FoundingReport is null, "The report is not beside this clone.");
        using var content = new StringContent(await File.ReadAllTextAsync(Repository.FoundingReport, TestContext.Current.CancellationToken), Encoding.UTF8, "text/plain");
        using var given = await service.Send("PUT", $"/v1/sources/{Founding.Source}/text", content, $"Authorization: Bearer {key}");
        Assert.Equal(200, (int)given.StatusCode);
    }

    private static JsonObject Quoting(string quote, int start)
    {
        var record = EditTests.Organization();
        record["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = "bai-bao",
            ["quote"] = quote,
            ["start"] = start,
            ["end"] = start + quote.EnumerateRunes().Count(),
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Stated",
        });
        return record;
    }

    private async Task<int> Put(string address, JsonObject record, string condition = "If-None-Match: *")
    {
        using var answer = await service.Send("PUT", address, key, record, condition);
        return (int)answer.StatusCode;
    }

    private async Task<JsonNode> Give(int status, string text)
    {
        using var answer = await Send(Encoding.UTF8.GetBytes(text));
        var body = await answer.Text();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    private async Task<HttpResponseMessage> Send(byte[] text, string? by = null)
    {
        using var content = new ByteArrayContent(text);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=utf-8");
        return await service.Send("PUT", Address, content, $"Authorization: Bearer {by ?? key}");
    }
}
