using System.Net;
using System.Text;
using CooperationApi.Http;

namespace CooperationApi.Tests.Http.OpenApi;

[Collection(nameof(SharedApi))]
public sealed class ChangelogTests(ApiFixture api)
{
    [Fact]
    public async Task Changelog_is_the_file_of_the_repository_with_an_entity_tag()
    {
        using var response = await api.Get("/v1/changelog");
        Assert.Equal((HttpStatusCode.OK, "text/markdown; charset=utf-8", "no-cache"),
            (response.StatusCode, response.GetHeader("Content-Type"), response.GetHeader("Cache-Control")));
        Assert.Equal(RepositoryFiles.ReadText("CHANGELOG.md"), Encoding.UTF8.GetString(await response.ReadBytes()));
        using var repeated = await api.Get("/v1/changelog", $"If-None-Match: {response.GetETag()}");
        Assert.Equal(HttpStatusCode.NotModified, repeated.StatusCode);
    }

    [Fact]
    public void Changelog_and_released_documents_have_the_version_of_the_API()
    {
        Assert.Contains($"\n## [{StandardHeaders.ApiVersion}] - ", RepositoryFiles.ReadText("CHANGELOG.md"), StringComparison.Ordinal);
        Assert.Contains($"\"version\": \"{StandardHeaders.ApiVersion}\"",
            RepositoryFiles.ReadText($"api-spec/released/{StandardHeaders.ApiVersion}.json"), StringComparison.Ordinal);
    }
}
