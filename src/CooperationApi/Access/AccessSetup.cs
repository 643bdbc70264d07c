using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CooperationApi.Access;

/// <summary>Registers authentication, authorization, CORS and forwarded headers.</summary>
internal static class AccessSetup
{
    // Forwards to one of the other two schemes.
    private const string SelectorScheme = "ApiKeyOrToken";

    // Asymmetric algorithms only: with HMAC, an attacker could sign tokens with the provider's public key.
    private static readonly string[] AllowedAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyCache>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyCache>());
        services.AddSingleton<OpenRequestMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenRequestMonitor>());
        services.AddSingleton<TokenEvents>();
        // `AddAuthentication` would also add data protection, which neither scheme uses: at start it takes 30 ms and writes a key file to
        // the home folder.
        services.AddAuthenticationCore(options => options.DefaultScheme = SelectorScheme);
        services.AddSingleton(UrlEncoder.Default);
        services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>();
        new AuthenticationBuilder(services)
            .AddPolicyScheme(SelectorScheme, displayName: null, _ => { })
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(ApiKeyAuthenticationHandler.SchemeName, _ => { })
            .AddScheme<JwtBearerOptions, JwtBearerHandler>(JwtBearerDefaults.AuthenticationScheme, _ => { });
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationResultHandler>();
        services.AddCors();
        services.AddOptions<PolicySchemeOptions>(SelectorScheme).Configure<AccessOptions>(SelectScheme);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<AccessOptions, TokenEvents>(ConfigureTokens);
        services.AddOptions<AuthorizationOptions>().Configure<AccessOptions>(Policies.Configure);
        services.AddOptions<CorsOptions>().Configure<AccessOptions>(CorsPolicies.Configure);
        services.AddOptions<ForwardedHeadersOptions>().Configure<AccessOptions>(TrustProxies);
    }

    /// <summary>
    /// Authenticates the requests that have credentials. For a request without credentials, the middleware would take 5 of 25 µs of CPU
    /// time: it creates a service scope and two handlers.
    /// </summary>
    public static void UseAuthenticationIfCredentials(this IApplicationBuilder app)
    {
        // `WebApplication` adds the middleware for all requests unless this property is set.
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.UseWhen(context => context.Request.Headers.Authorization.Count > 0, branch => branch.UseAuthentication());
    }

    private static void SelectScheme(PolicySchemeOptions scheme, AccessOptions access) => scheme.ForwardDefaultSelector = context =>
        access.Authority is not null && BearerCredential.IsToken(BearerCredential.Read(context.Request))
            ? JwtBearerDefaults.AuthenticationScheme
            : ApiKeyAuthenticationHandler.SchemeName;

    private static void ConfigureTokens(JwtBearerOptions tokens, AccessOptions access, TokenEvents events)
    {
        tokens.Authority = access.Authority;
        tokens.Audience = access.Audience;
        tokens.RequireHttpsMetadata = access.Authority!.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase);
        tokens.BackchannelTimeout = TimeSpan.FromSeconds(5);
        tokens.MapInboundClaims = false;
        tokens.TokenValidationParameters.ValidAlgorithms = AllowedAlgorithms;
        tokens.TokenValidationParameters.LifetimeValidator = (notBefore, expires, _, _) => events.ValidateLifetime(notBefore, expires);
        tokens.Events = events;
    }

    /// <summary>Accepts forwarded headers from the trusted proxies only, through any number of them.</summary>
    private static void TrustProxies(ForwardedHeadersOptions forwarded, AccessOptions access)
    {
        forwarded.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in access.GetTrustedProxies())
            forwarded.KnownIPNetworks.Add(ClientNetwork.Parse(proxy)!.Value);
    }
}
