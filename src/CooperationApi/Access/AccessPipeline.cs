using CooperationApi.Http;

namespace CooperationApi.Access;

/// <summary>The room as the program puts it together.</summary>
internal static class AccessPipeline
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<AccessLog>();
        services.AddSingleton<KeyStore>();
        services.AddSingleton<Keyring>();
        services.AddHostedService(its => its.GetRequiredService<Keyring>());
        services.AddSingleton<IdentityProvider>();
        services.AddSingleton(its => new Callers(
            its.GetRequiredService<AccessOptions>(), its.GetRequiredService<Keyring>(), its.GetRequiredService<AccessLog>(), its.GetRequiredService<TimeProvider>(),
            its.GetRequiredService<AccessOptions>().Authority is null ? null : its.GetRequiredService<IdentityProvider>()));
        services.AddSingleton<RateLimits>();
    }

    /// <summary>What a request passes before it has a route: where it came from, who asks, whether they ask too often, whether they may come in.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<AccessOptions>();
        var callers = app.Services.GetRequiredService<Callers>();
        if (options.Proxies.Length > 0)
            app.UseForwardedHeaders(Network.Forwarded(options.Proxies));
        app.UsePipeline(new(options.Origins), callers.Recognise, app.Services.GetRequiredService<RateLimits>().Invoke, callers.Admit);
    }
}
