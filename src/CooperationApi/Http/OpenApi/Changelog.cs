using System.Security.Cryptography;

namespace CooperationApi.Http.OpenApi;

/// <summary>The changes of all versions: the file `CHANGELOG.md` of this version.</summary>
internal static class Changelog
{
    /// <summary>The path of the changelog.</summary>
    public const string Path = "/v1/changelog";

    private const string MediaType = "text/markdown";

    /// <summary>Describes the route.</summary>
    public static OperationDescription Describe() => new("getChangelog", "status", "Get the changelog.",
        "Returns the changes of all versions of the API as Markdown, in the format of Keep a Changelog, newest first. Breaking changes are "
        + "under `### Breaking`, each with its operation.")
    {
        ResponseType = null,
        OtherContent = new Dictionary<string, string> { [MediaType] = "The changelog in UTF-8." },
        Example = ("Changelog", () => null),
        IgnoresAccept = true,
        IsIndependentOfStore = true,
    };

    /// <summary>Creates the response.</summary>
    public static ReadResponse CreateResponse()
    {
        using var resource = typeof(Changelog).Assembly.GetManifestResourceStream("CHANGELOG.md")!;
        var body = new byte[resource.Length];
        resource.ReadExactly(body);
        return new(Convert.ToHexStringLower(SHA256.HashData(body))[..16], IsWeak: false, body)
        {
            ContentType = MediaType + "; charset=utf-8",
            Vary = "Accept-Encoding",
        };
    }
}
