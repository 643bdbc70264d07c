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

    /// <summary>
    /// The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` headers are trusted: a comma-separated list of addresses and networks.
    /// </summary>
    public string TrustedProxies { get; init; } = "";

    /// <summary>
    /// The OpenID Connect issuer whose tokens are accepted beside API keys; its discovery document is read below this URL.
    /// </summary>
    public string? Authority { get; init; }

    /// <summary>The audience (`aud`) that tokens must have.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim with the caller's role: `Reader`, `Editor` or `Admin`. The highest of several values applies.</summary>
    [Required]
    public string RoleClaim { get; init; } = "role";

    /// <summary>
    /// The claim with the ids of the provinces whose records an Editor may write; `*` means all. If not set, Editors may write all records.
    /// </summary>
    public string? ProvinceClaim { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in GetAllowedOrigins().Where(origin => !IsOrigin(origin)))
            yield return new($"'{origin}' is not a valid origin (expected e.g. https://portal.example).", [nameof(AllowedOrigins)]);
        if (GetAllowedOrigins() is { Length: > 1 } origins && origins.Contains("*"))
            yield return new("'*' allows every origin and must be the only value.", [nameof(AllowedOrigins)]);
        foreach (var proxy in GetTrustedProxies().Where(proxy => ClientNetwork.Parse(proxy) is null))
            yield return new($"'{proxy}' is not an address or network (expected e.g. 10.0.0.0/8).", [nameof(TrustedProxies)]);
        if (Authority is null != Audience is null)
            yield return new("Authority and Audience must be set together.", [nameof(Authority), nameof(Audience)]);
        if (Authority is not null && !IsSecureUrl(Authority))
            yield return new($"'{Authority}' must be an https URL (http is allowed for localhost only).", [nameof(Authority)]);
    }

    /// <summary>Returns the origins in <see cref="AllowedOrigins"/>, or `*`.</summary>
    public string[] GetAllowedOrigins() => Split(AllowedOrigins);

    /// <summary>Returns the addresses and networks in <see cref="TrustedProxies"/>.</summary>
    public string[] GetTrustedProxies() => Split(TrustedProxies);

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // An origin as browsers send it: scheme, host and port only.
    private static bool IsOrigin(string text) => text == "*" || Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" && address.GetLeftPart(UriPartial.Authority) == text;

    // The issuer's signing keys decide who may write, so they are read over TLS.
    private static bool IsSecureUrl(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);
}
