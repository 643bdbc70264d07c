using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Access;

/// <summary>Who may come in: the `Access` section of the configuration.</summary>
internal sealed record AccessOptions : IValidatableObject
{
    private const string Closed = "Keys";

    /// <summary>Whether everybody may read (`Open`) or only who has a key (`Keys`).</summary>
    [AllowedValues("Open", Closed, ErrorMessage = "Reading must be Open or Keys.")]
    public string Reading { get; init; } = "Open";

    /// <summary>The web pages whose scripts may read: `*`, or origins with commas between.</summary>
    [Required]
    public string Origins { get; init; } = "*";

    /// <summary>The proxies whose word counts for where a request came from and whether it came over TLS: addresses and networks, with commas between.</summary>
    public string Proxies { get; init; } = "";

    /// <summary>The identity provider whose tokens are taken beside keys: the address under which it says what it is (OpenID Connect Discovery).</summary>
    public string? Authority { get; init; }

    /// <summary>The audience that a token must be for.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim that names the caller's role: `Reader`, `Editor` or `Admin`; of several the highest counts.</summary>
    [Required]
    public string RoleClaim { get; init; } = "role";

    /// <summary>The claim that names the provinces whose records an editor may write, `*` for all. Not set, editors may write all.</summary>
    public string? ProvinceClaim { get; init; }

    /// <summary>Whether reading takes a key.</summary>
    public bool IsClosed => Reading == Closed;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in Http.Origins.Each(Origins).Where(origin => !Http.Origins.IsOrigin(origin)))
            yield return new($"Origins: '{origin}' is no origin such as https://portal.example.");
        foreach (var proxy in Http.Origins.Each(Proxies).Where(proxy => Network.Parse(proxy) is null))
            yield return new($"Proxies: '{proxy}' is no address and no network such as 10.0.0.0/8.");
        if (Authority is null != Audience is null)
            yield return new("Authority and Audience go together: a token for anybody is a token for nobody.");
        if (Authority is not null && !IsTrustworthy(Authority))
            yield return new($"Authority: '{Authority}' is no https address; http is taken on this machine alone.");
    }

    // What an identity provider says decides who may write, so nobody may say it in its place.
    private static bool IsTrustworthy(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
