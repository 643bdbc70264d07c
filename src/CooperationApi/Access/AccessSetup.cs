using CooperationApi.Http;

namespace CooperationApi.Access;

/// <summary>Registers the services and the middleware of this folder.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyCache>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyCache>());
        services.AddSingleton<BearerTokenValidator>();
        services.AddSingleton(provider => new CallerAuthenticator(
            provider.GetRequiredService<AccessOptions>(), provider.GetRequiredService<ApiKeyCache>(), provider.GetRequiredService<SecurityLog>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<AccessOptions>().Authority is null ? null : provider.GetRequiredService<BearerTokenValidator>()));
        services.AddSingleton<RateLimitMiddleware>();
    }

    /// <summary>Adds the middleware before routing: forwarded headers, authentication, rate limits, authorization.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<AccessOptions>();
        var authenticator = app.Services.GetRequiredService<CallerAuthenticator>();
        if (options.TrustedProxies.Length > 0)
            app.UseForwardedHeaders(ClientNetwork.CreateForwardedHeadersOptions(options.TrustedProxies));
        app.UsePipeline(new(options.AllowedOrigins), authenticator.Authenticate, app.Services.GetRequiredService<RateLimitMiddleware>().Invoke, authenticator.Authorize);
    }
}
