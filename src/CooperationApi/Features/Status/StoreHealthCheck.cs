using CooperationApi.Contracts;
using CooperationApi.Storage;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CooperationApi.Features.Status;

/// <summary>Checks that the store is readable and that its file is in place.</summary>
internal sealed class StoreHealthCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        database.EnsureFileIsIntact();
        var version = await database.Read(Database.ReadVersion, cancellationToken);
        return HealthCheckResult.Healthy(data: new Dictionary<string, object> { ["revision"] = version.Revision });
    }

    /// <summary>The liveness check runs no checks: it responds 200 whenever the process can respond.</summary>
    public static HealthCheckOptions Live { get; } = CreateOptions("live", _ => false);

    /// <summary>The readiness check responds 200 with the revision if the store is readable, else 503.</summary>
    public static HealthCheckOptions Ready { get; } = CreateOptions("ready", _ => true);

    private static HealthCheckOptions CreateOptions(string status, Func<HealthCheckRegistration, bool> predicate) => new()
    {
        Predicate = predicate,
        // The writer sets `no-store`.
        AllowCachingResponses = true,
        ResponseWriter = (context, report) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            // The problem middleware writes the body of a 503.
            if (report.Status == HealthStatus.Unhealthy)
                return Task.CompletedTask;
            var body = report.Entries.SelectMany(entry => entry.Value.Data).Prepend(new("status", status)).ToDictionary();
            return context.Response.WriteAsJsonAsync(body, ApiJson.Options, context.RequestAborted);
        },
    };
}
