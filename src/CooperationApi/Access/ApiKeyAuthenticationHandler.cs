using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CooperationApi.Access;

/// <summary>Authenticates API keys, which callers send as bearer tokens (RFC 6750).</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyCache keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0)
            return AuthenticateResult.NoResult();
        var (caller, errorCode) = await keys.Authenticate(BearerCredential.Read(Request), Context.RequestAborted);
        return caller is null
            ? AuthenticateResult.Fail(new InvalidCredentialException(errorCode!))
            : AuthenticateResult.Success(new(caller, Scheme.Name));
    }
}
