using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Pages;

/// <summary>Pages and files about records whose names have markup, marks of other formats, other scripts, and words without end.</summary>
public sealed partial class HostileNameTests
{
    private const string Name = "<script>alert(1)</script> \"'&]]> --> {}\\%$~^_# 😀 مرحبا";

    private static readonly string LongName = $"{Name} {new string('x', 300)}";

    [Fact]
    public async Task Pages_of_every_type_show_the_name_as_text()
    {
        await using var service = await AuthenticatedService.Start();
        foreach (var (type, id, name, revision) in await RenameExamples(service))
        {
            foreach (var suffix in new[] { "", "?lang=en", "/history", $"?revision={revision}" })
            {
                var page = await GetPage(service, $"/{type}/{id}{suffix}");
                Assert.Contains(name, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
                Assert.All(StructuredData().Matches(page),
                    data => Assert.Equal(name, (string?)JsonNode.Parse(data.Groups[1].Value)!["name"]));
            }
            foreach (var path in new[] { $"/{type}", $"/search?q={Uri.EscapeDataString(Name)}&types={type}" })
                await GetPage(service, path);
        }
        foreach (var path in new[] { "/", "/about", "/provinces/ha-noi", "/provinces/thai-binh", "/provinces/ha-noi/with/thai-binh" })
            await GetPage(service, path);
    }

    [Fact]
    public async Task Feeds_site_map_and_citations_stay_well_formed()
    {
        await using var service = await AuthenticatedService.Start();
        var records = await RenameExamples(service);
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var titles = XDocument.Parse(await GetText(service, "/changes.atom")).Descendants(atom + "title").Select(title => title.Value);
        Assert.All(records, record => Assert.Contains(record.Name, titles));
        XDocument.Parse(await GetText(service, "/sitemap-0.xml"));
        XDocument.Parse(await GetText(service, "/provinces/thai-binh/changes.atom"));
        foreach (var (type, id, name, _) in records)
        {
            var citation = Assert.Single(JsonNode.Parse(await GetText(service, $"/{type}/{id}/citation.json"))!.AsArray());
            Assert.Equal(name, (string?)citation!["title"]);
            var bibTex = await GetText(service, $"/{type}/{id}/citation.bib");
            Assert.Contains(
                @"\textbraceleft{}\textbraceright{}\textbackslash{}\%\$\textasciitilde{}\textasciicircum{}\_\# 😀 مرحبا", bibTex,
                StringComparison.Ordinal);
            Assert.Equal(bibTex.Count(character => character == '{'), bibTex.Count(character => character == '}'));
        }
    }

    [Fact]
    public async Task Name_with_a_mark_of_direction_is_rejected_and_one_in_a_quote_is_isolated()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        await service.PutOrganization(key, "mot-co-quan", "Một cơ quan");
        const string Quote = "Một \u202Ecơ quan";
        var (rejection, _) = await Patch(service, key, "organizations", "mot-co-quan", new JsonObject { ["name"] = Quote });
        Assert.Equal(HttpStatusCode.BadRequest, rejection);
        // A quote can have the mark if the stored text of its source has it.
        var source = new JsonObject { ["title"] = "Một nguồn", ["kind"] = "Press", ["url"] = "https://bao.example/1" };
        using var created = await service.Send("PUT", "/v1/sources/mot-nguon", key, source, "If-None-Match: *");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var text = new StringContent($"{Quote}.", Encoding.UTF8, "text/plain");
        using var stored = await service.Send("PUT", "/v1/sources/mot-nguon/text", text, $"Authorization: Bearer {key}");
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        var (status, json) = await Patch(service, key, "organizations", "mot-co-quan", new JsonObject
        {
            ["citations"] = new JsonArray(new JsonObject
            {
                ["sourceId"] = "mot-nguon",
                ["quote"] = Quote,
                ["supports"] = new JsonArray("name"),
                ["basis"] = "Stated",
            }),
        });
        Assert.True(status == HttpStatusCode.OK, json.ToJsonString());
        Assert.Contains($"<blockquote lang=\"vi\"><mark>{Quote}</mark></blockquote>",
            WebUtility.HtmlDecode(await GetPage(service, "/organizations/mot-co-quan")), StringComparison.Ordinal);
    }

    private static async Task<List<(string Type, string Id, string Name, long Revision)>> RenameExamples(AuthenticatedService service)
    {
        var key = await service.CreateKeySecret();
        var examples = new ExampleRecords(await service.GetOpenApi());
        var records = new List<(string, string, string, long)>();
        foreach (var type in examples.Types)
        {
            var id = examples.FindId(type)!;
            var record = await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/{type}/{id}", key);
            var (name, patched) = (LongName, await Patch(service, key, type, id, Rename(record, LongName)));
            // Names of provinces and persons are shorter.
            if (patched.Status != HttpStatusCode.OK)
                (name, patched) = (Name, await Patch(service, key, type, id, Rename(record, Name)));
            Assert.True(patched.Status == HttpStatusCode.OK, $"{type}: {patched.Json.ToJsonString()}");
            records.Add((type, id, name, (long)patched.Json["revision"]!));
        }
        return records;
    }

    private static JsonObject Rename(JsonNode record, string name)
    {
        var member = record.AsObject().Select(pair => pair.Key).First(key => key is "title" or "name" or "text");
        var patch = new JsonObject { [member] = name };
        if (record[$"{member}En"] is not null)
            patch[$"{member}En"] = name;
        // The name of a province is also that of its last version, and a part of its full name.
        if (record["versions"] is JsonArray versions)
        {
            var kind = ((string)record["fullName"]!)[..^((string)record["name"]!).Length];
            (patch["fullName"], patch["versions"]) = (kind + name, versions.DeepClone());
            patch["versions"]![versions.Count - 1]!["name"] = name;
        }
        return patch;
    }

    private static async Task<(HttpStatusCode Status, JsonNode Json)> Patch(AuthenticatedService service, string key, string type,
        string id, JsonObject patch)
    {
        using var content = new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
        using var response = await service.Send("PATCH", $"/v1/{type}/{id}", content, $"Authorization: Bearer {key}", "If-Match: *");
        return (response.StatusCode, JsonNode.Parse(await response.ReadText())!);
    }

    private static async Task<string> GetPage(AuthenticatedService service, string address)
    {
        var page = await GetText(service, address);
        Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
        // The one script of a page, and the data about one record.
        Assert.InRange(page.Split("<script").Length - 1, 1, 2);
        Assert.Equal(page.Split("<script").Length, page.Split("</script>").Length);
        return page;
    }

    private static async Task<string> GetText(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {text}");
        return text;
    }

    [GeneratedRegex("<script type=\"application/ld\\+json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex StructuredData();
}
