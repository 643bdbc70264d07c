using CooperationApi.Contracts;
using CooperationApi.Faults;

namespace CooperationApi.Access;

/// <summary>
/// Knows who asks. Every request passes <see cref="Recognise"/>, then the limits, which count by who asks, then <see cref="Admit"/>, which refuses what
/// wasn't good; an address that takes a role calls <see cref="Require"/>.
/// </summary>
internal sealed class Callers(AccessOptions options, Keyring keys, AccessLog log, TimeProvider time, IdentityProvider? provider = null)
{
    // A person who mistypes is told so; a program that guesses is not answered for ever, nor written down for ever.
    private const int MostFailures = 30;
    private const string Scheme = "Bearer ";

    private readonly WindowCounter failures = new(time, seconds: 60), hours = new(time, seconds: 3600);

    /// <summary>The caller of a request; null for one who sent nothing, or nothing good.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Recognised>()?.Caller;

    /// <summary>Finds out who asks, without refusing anybody yet but a key in an address: 400 `key_in_url`.</summary>
    public Task Recognise(HttpContext context, RequestDelegate next)
    {
        if (KeyInAddress.Find(context.Request) is { } id)
        {
            log.Refused("key_in_url", id, context);
            throw new ProblemException(400, "key_in_url");
        }
        return context.Request.Headers.Authorization.Count == 0 || IsWatched(context.Request) ? next(context) : RecogniseThen(context, next);
    }

    /// <summary>Refuses who sent something that wasn't good, and where reading is closed who sent nothing.</summary>
    public Task Admit(HttpContext context, RequestDelegate next)
    {
        var recognised = context.Features.Get<Recognised>();
        if (recognised?.Refused is { } code)
            throw Refused(code, recognised.ClaimedId, context);
        if (options.IsClosed && !IsOpen(context.Request))
        {
            if (recognised is null)
                throw Missing(context);
            KeepPrivate(context.Response);
        }
        return next(context);
    }

    /// <summary>The caller, who must have this role or a higher one. Throws 401 for nobody, 403 for a lower one.</summary>
    public Caller Require(HttpContext context, Role role)
    {
        var caller = Of(context) ?? throw Missing(context);
        if (caller.Role >= role)
            return caller;
        log.Refused("role_insufficient", caller.Id, context);
        throw Refusal.Insufficient(role);
    }

    private async Task RecogniseThen(HttpContext context, RequestDelegate next)
    {
        var text = context.Request.Headers.Authorization is [{ } credentials] && credentials.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? credentials[Scheme.Length..] : "";
        var isToken = provider is not null && text.Count(character => character == '.') == 2;
        var (caller, refused) = isToken ? await provider!.Recognise(text) : await keys.Recognise(text, context.RequestAborted);
        context.Features.Set(new Recognised(caller, refused, isToken ? null : Secret.IdOf(text)));
        if (caller is not null && hours.Count(caller.Id).Used == 1)
            log.Used(caller, context);
        await next(context);
    }

    private ProblemException Missing(HttpContext context)
    {
        log.Refused("key_missing", null, context);
        return Refusal.Missing;
    }

    private ProblemException Refused(string code, string? claimedId, HttpContext context)
    {
        var (failed, reset) = failures.Count(Network.Counted(context.Connection.RemoteIpAddress));
        if (failed > MostFailures)
            return Refusal.TooMany("too_many_failures", reset);
        log.Refused(code, claimedId, context);
        return code == "role_missing" ? Refusal.Insufficient(Role.Reader) : Refusal.Invalid(code);
    }

    /// <summary>What shows nothing of the record: the document and its page, whether the service is well, and what is allowed.</summary>
    private static bool IsOpen(HttpRequest request) =>
        IsWatched(request)
        || HttpMethods.IsOptions(request.Method)
        || request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal)
        || request.Path.Value is "/" or "/v1/openapi.json" or "/v1/openapi-3.1.json";

    private static bool IsWatched(HttpRequest request) => request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    /// <summary>No cache that others use may keep what takes a key.</summary>
    private static void KeepPrivate(HttpResponse response) => response.OnStarting(() =>
    {
        var headers = response.Headers;
        if (headers.CacheControl == "no-cache")
            headers.CacheControl = "private, no-cache";
        headers.Vary = headers.Vary.Count == 0 ? "Authorization" : $"{headers.Vary}, Authorization";
        return Task.CompletedTask;
    });

    /// <summary>Who was found to ask, or why what they sent wasn't good; and which key they said to have.</summary>
    private sealed record Recognised(Caller? Caller, string? Refused, string? ClaimedId);
}
