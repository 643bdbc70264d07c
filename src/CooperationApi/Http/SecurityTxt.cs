using System.ComponentModel.DataAnnotations;
using System.Text;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>The `SecurityTxt` section of the configuration: the content of `security.txt`.</summary>
internal sealed record SecurityTxtOptions : IValidatableObject
{
    /// <summary>The address for reports of vulnerabilities: an https, mailto or tel URL. Without it, there is no file.</summary>
    public string? Contact { get; init; }

    /// <summary>The time from which the file is out of date.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The https URL of the policy for reports.</summary>
    public string? Policy { get; init; }

    /// <summary>The languages of reports, as language tags separated by commas.</summary>
    [RegularExpression("[A-Za-z0-9-]+(, ?[A-Za-z0-9-]+)*")]
    public string? PreferredLanguages { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Contact is null) != (Expires is null))
            yield return new("Contact and Expires are required together: a security.txt has both (RFC 9116).", [nameof(Expires)]);
        if (Contact is null && (Policy is not null || PreferredLanguages is not null))
            yield return new("Contact is required: without it, there is no security.txt.", [nameof(Contact)]);
        if (Contact is not null && !HasScheme(Contact, Uri.UriSchemeHttps, Uri.UriSchemeMailto, "tel"))
        {
            yield return new($"'{Contact}' is not an https, mailto or tel URL (expected e.g. mailto:security@portal.example).",
                [nameof(Contact)]);
        }
        if (Policy is not null && !HasScheme(Policy, Uri.UriSchemeHttps))
            yield return new($"'{Policy}' is not an https URL (expected e.g. https://portal.example/security).", [nameof(Policy)]);
    }

    // Each value is a line of the file.
    private static bool HasScheme(string text, params string[] schemes) => text.All(character => character is > ' ' and <= '~')
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme);
}

/// <summary>The file `security.txt` (RFC 9116), for reporters of vulnerabilities.</summary>
internal static class SecurityTxt
{
    private const string Path = "/.well-known/security.txt";

    /// <summary>Maps the file, if there is a contact. The file is not sent after its time of expiry.</summary>
    public static void MapSecurityTxt(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<SecurityTxtOptions>();
        if (options is not { Contact: { } contact, Expires: { } expires })
            return;
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var file = ResponseCache.Constant(() => CreateResponse(options, contact, expires.ToUniversalTime()));
        app.MapGroup("").AllowAnonymous().MapGetAndHead(Path,
            context => clock.GetUtcNow() < expires ? file(context) : throw ProblemException.NotFound(Path));
    }

    private static ReadResponse CreateResponse(SecurityTxtOptions options, string contact, DateTimeOffset expires)
    {
        var fields = new (string Name, string? Value)[]
        {
            ("Contact", contact), ("Expires", $"{expires:yyyy-MM-dd'T'HH:mm:ss'Z'}"), ("Policy", options.Policy),
            ("Preferred-Languages", options.PreferredLanguages),
        };
        var text = string.Concat(fields.Where(field => field.Value is not null).Select(field => $"{field.Name}: {field.Value}\n"));
        return new($"security-{expires.ToUnixTimeSeconds()}", IsWeak: false, Encoding.UTF8.GetBytes(text))
        {
            ContentType = "text/plain; charset=utf-8",
            Vary = "Accept-Encoding",
        };
    }
}
