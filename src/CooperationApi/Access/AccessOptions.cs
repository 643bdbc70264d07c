using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Access;

/// <summary>The `Access` section of the configuration: authentication, CORS and trusted proxies.</summary>
internal sealed record AccessOptions : IValidatableObject
{
    /// <summary>Allows reading without an API key or token.</summary>
    public bool AllowAnonymousRead { get; init; } = true;

    /// <summary>The origins that CORS allows: `*`, or a comma-separated list.</summary>
    [Required]
    public string AllowedOrigins { get; init; } = "*";

    /// <summary>The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` headers are trusted: a comma-separated list of addresses and networks.</summary>
    public string TrustedProxies { get; init; } = "";

    /// <summary>The OpenID Connect issuer whose tokens are accepted beside API keys; its discovery document is read below this URL.</summary>
    public string? Authority { get; init; }

    /// <summary>The audience (`aud`) that tokens must have.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim with the caller's role: `Reader`, `Editor` or `Admin`. The highest of several values applies.</summary>
    [Required]
    public string RoleClaim { get; init; } = "role";

    /// <summary>The claim with the ids of the provinces whose records an Editor may write; `*` means all. If not set, Editors may write all records.</summary>
    public string? ProvinceClaim { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in Http.CorsOrigins.Split(AllowedOrigins).Where(origin => !Http.CorsOrigins.IsOrigin(origin)))
            yield return new($"AllowedOrigins: '{origin}' is not a valid origin (expected e.g. https://portal.example).");
        foreach (var proxy in Http.CorsOrigins.Split(TrustedProxies).Where(proxy => ClientNetwork.Parse(proxy) is null))
            yield return new($"TrustedProxies: '{proxy}' is not an address or network (expected e.g. 10.0.0.0/8).");
        if (Authority is null != Audience is null)
            yield return new("Authority and Audience must be set together.");
        if (Authority is not null && !IsSecureUrl(Authority))
            yield return new($"Authority: '{Authority}' must be an https URL (http is allowed for localhost only).");
    }

    // The issuer's signing keys decide who may write, so they are read over TLS.
    private static bool IsSecureUrl(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);
}
