using System.Net;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Pages;

[Collection(nameof(SharedApi))]
public sealed partial class PageTests(ApiFixture api)
{
    private const string Meeting = "/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26";
    private const string ThreeBillion = "/results/ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong";

    [Theory]
    [InlineData("/", null, "vi")]
    [InlineData("/", "en-GB,en;q=0.9,vi;q=0.5", "en")]
    [InlineData("/", "fr", "vi")]
    [InlineData("/?lang=vi", "en", "vi")]
    [InlineData("/?lang=en", "vi", "en")]
    [InlineData("/provinces/thai-binh?lang=en&fbclid=1", null, "en")]
    public async Task Language_follows_the_parameter_then_the_header(string address, string? acceptLanguage, string language)
    {
        using var response = await api.Get(address, acceptLanguage is null ? [] : [$"Accept-Language: {acceptLanguage}"]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(language, Assert.Single(response.Content.Headers.ContentLanguage));
        Assert.Equal("Accept-Encoding, Accept-Language", response.GetHeader("Vary"));
        Assert.StartsWith("<!DOCTYPE html>", await response.ReadText(), StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\">", await response.ReadText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partners_of_the_same_name_have_their_dates()
    {
        var page = await GetPage("/provinces/ha-noi?lang=en");
        Assert.Contains("Lao Cai (until 30 June 2025)", page, StringComparison.Ordinal);
        Assert.Contains("Lao Cai (from 1 July 2025)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Thai Binh (until", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selected_language_stays_selected_in_links_between_pages()
    {
        var links = FindLinks(await GetPage(Meeting + "?lang=en")).Where(link => link.StartsWith('/')).ToList();
        Assert.NotEmpty(links);
        Assert.All(links.Where(link => !link.StartsWith("/v1/", StringComparison.Ordinal)
            && !link.StartsWith("/swagger", StringComparison.Ordinal) && !link.Contains("lang=vi", StringComparison.Ordinal)),
            link => Assert.Contains("lang=en", link, StringComparison.Ordinal));
        Assert.DoesNotContain(FindLinks(await GetPage(Meeting)), link => link.StartsWith("/officials", StringComparison.Ordinal)
            && link.Contains("lang=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Response_has_a_policy_without_inline_content_and_loads_nothing_from_other_hosts()
    {
        using var response = await api.Get(ThreeBillion);
        Assert.Equal("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'", response.GetHeader("Content-Security-Policy"));
        var page = await response.ReadText();
        Assert.DoesNotMatch("(?i)<style|<script(?! type=\"application/ld\\+json\">| type=\"module\" src=\"/assets/)|"
            + "\\sstyle=|\\son[a-z]+=|javascript:|<link[^>]+stylesheet[^>]+https?:|<img", page);
        foreach (var extension in new[] { "css", "js" })
        {
            using var asset = await api.Get(Regex.Match(page, $"\"(/assets/site-[0-9a-f]{{12}}\\.{extension})\"").Groups[1].Value);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", asset.GetHeader("Cache-Control"));
            Assert.DoesNotContain("url(", await asset.ReadText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Script_for_suggestions_is_small_and_the_form_works_without_it()
    {
        var page = await GetPage("/?lang=en");
        using var script = await api.Get(Regex.Match(page, "<script type=\"module\" src=\"([^\"]*)\"></script>").Groups[1].Value);
        Assert.Equal("text/javascript; charset=utf-8", script.Content.Headers.ContentType?.ToString());
        Assert.InRange((await script.ReadText()).Length, 1, 4 * 1024);
        Assert.Matches("<form class=\"search-form\" role=\"search\" action=\"/search\">", page);
        // Without script, the list of suggestions stays hidden, and the search box is a plain text box.
        Assert.Matches("<ul id=\"suggestions\" [^>]*role=\"listbox\" [^>]*hidden", page);
        Assert.DoesNotContain("combobox", page, StringComparison.Ordinal);
        using var suggestions = await api.Get(WebUtility.HtmlDecode(Regex.Match(page, "data-address=\"([^\"]*)\"").Groups[1].Value)
            + "thai");
        Assert.Contains("\"id\":\"thai-binh\"", await suggestions.ReadText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ETag_differs_by_language_and_a_matching_one_gets_304()
    {
        using var vietnamese = await api.Get("/");
        using var english = await api.Get("/", "Accept-Language: en");
        var (tag, otherTag) = (vietnamese.GetHeader("ETag")!, english.GetHeader("ETag")!);
        Assert.NotEqual(tag, otherTag);
        using var unchanged = await api.Get("/", $"If-None-Match: {tag}");
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var inOtherLanguage = await api.Get("/", "Accept-Language: en", $"If-None-Match: {tag}");
        Assert.Equal(HttpStatusCode.OK, inOtherLanguage.StatusCode);
        using var head = await api.Send(HttpMethod.Head, "/");
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.ReadText()));
        Assert.Equal(tag, head.GetHeader("ETag"));
    }

    [Fact]
    public async Task Evidence_shows_the_quote_and_links_to_the_sentence_in_the_source()
    {
        var page = WebUtility.HtmlDecode(await GetPage(ThreeBillion));
        Assert.Contains("<mark>3 tỷ đồng</mark>", page, StringComparison.Ordinal);
        Assert.Contains("Nêu rõ", page, StringComparison.Ordinal);
        Assert.Contains("#:~:text=", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/provinces/nowhere-at-all", 404)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/meetings?kind=Wedding", 400)]
    [InlineData("/meetings?cursor=x", 400)]
    public async Task Error_is_a_page_in_the_language_of_the_reader(string address, int status)
    {
        using var response = await api.Get(address, "Accept: text/html", "Accept-Language: vi");
        Assert.Equal((status, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var page = await response.ReadText();
        Assert.Contains("<html lang=\"vi\">", page, StringComparison.Ordinal);
        Assert.Contains("Về trang chủ", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'; style-src 'self'", response.GetHeader("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Similar_id_is_suggested_as_a_link()
    {
        using var response = await api.Get("/provinces/thai-bin", "Accept: text/html");
        Assert.Contains("href=\"/provinces/thai-binh\"", await response.ReadText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_of_the_API_stay_problem_documents() =>
        await api.GetProblem(404, "/v1/provinces/nowhere-at-all", "Accept: text/html, */*;q=0.8");

    [Theory]
    [InlineData("vi")]
    [InlineData("en")]
    public async Task Every_link_leads_to_a_page(string language)
    {
        var seen = new HashSet<string> { $"/?lang={language}" };
        var queue = new Queue<string>(seen);
        while (queue.TryDequeue(out var address))
        {
            using var response = await api.Get(address);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {(int)response.StatusCode}");
            if (response.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            var page = await response.ReadText();
            Assert.DoesNotMatch(@"member\.[a-z]|State\.|Basis\.|Removal\.", page);
            foreach (var link in FindLinks(page).Where(link => link.StartsWith('/') && IsCrawled(link, language) && seen.Add(link)))
                queue.Enqueue(link);
        }
        Assert.True(seen.Count > 600, $"{seen.Count} pages");
    }

    // The other language has the same links; a former state of each record and files of lists are tested elsewhere.
    private static bool IsCrawled(string link, string language) => link.Contains("lang=" + language, StringComparison.Ordinal)
        && !link.Contains("/history", StringComparison.Ordinal) && !link.Contains("revision=", StringComparison.Ordinal);

    private static IEnumerable<string> FindLinks(string page) =>
        LinkPattern().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value));

    private async Task<string> GetPage(string address)
    {
        using var response = await api.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadText();
    }

    [GeneratedRegex("<a [^>]*href=\"([^\"]*)\"")]
    private static partial Regex LinkPattern();
}
