using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Pages;

/// <summary>The `Pages` section of the configuration: the pages for people.</summary>
internal sealed record PagesOptions : IValidatableObject
{
    /// <summary>Shows the pages, if reading needs no key.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The public base URL of the pages, for search engines, previews and citations. Without it, the address is that of the request.
    /// </summary>
    public string? PublicUrl { get; init; }

    /// <summary>The address for reports of errors in the data: an http, https or mailto URL.</summary>
    public string? ReportUrl { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not null && !HasScheme(PublicUrl, Uri.UriSchemeHttp, Uri.UriSchemeHttps))
        {
            yield return new($"'{PublicUrl}' is not an absolute http or https URL (expected e.g. https://portal.example).",
                [nameof(PublicUrl)]);
        }
        if (ReportUrl is not null && !HasScheme(ReportUrl, Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeMailto))
        {
            yield return new($"'{ReportUrl}' is not an http, https or mailto URL (expected e.g. mailto:data@portal.example).",
                [nameof(ReportUrl)]);
        }
    }

    private static bool HasScheme(string text, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme);
}
