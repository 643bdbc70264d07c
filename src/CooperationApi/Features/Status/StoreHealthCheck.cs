using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Storage;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CooperationApi.Features.Status;

/// <summary>Checks that the store is readable and that its file is in place.</summary>
internal sealed class StoreHealthCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await database.EnsureIsIntact();
        var version = await database.Read(Database.ReadVersion, cancellationToken);
        return HealthCheckResult.Healthy(data: new Dictionary<string, object> { ["revision"] = version.Revision });
    }

    /// <summary>The liveness check runs no checks: it responds 200 whenever the process can respond.</summary>
    public static HealthCheckOptions Live { get; } = CreateOptions(ServiceHealth.Live, _ => false);

    /// <summary>The readiness check responds 200 with the revision if the store is readable, else 503.</summary>
    public static HealthCheckOptions Ready { get; } = CreateOptions(ServiceHealth.Ready, _ => true);

    /// <summary>Describes the route of the liveness check.</summary>
    public static OperationDescription DescribeLive() => Describe("getLiveness", "Check the liveness of the service.",
        "Responds 200 whenever the process can respond.", new() { Status = ServiceHealth.Live }) with
    {
        IsIndependentOfStore = true,
    };

    /// <summary>Describes the route of the readiness check.</summary>
    public static OperationDescription DescribeReady() => Describe("getReadiness", "Check the readiness of the service.",
        "Responds 200 with the revision if the store is readable, else 503.", new() { Status = ServiceHealth.Ready, Revision = 638 });

    private static OperationDescription Describe(string id, string summary, string description, ServiceHealth example) =>
        new(id, "status", summary, description)
        {
            ResponseType = typeof(ServiceHealth),
            Example = (id["get".Length..], () => JsonSerializer.SerializeToNode(example, ApiJson.Options)),
            HasETag = false,
            IgnoresAccept = true,
        };

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
            var health = new ServiceHealth
            {
                Status = status,
                Revision = report.Entries.Select(entry => (long?)entry.Value.Data["revision"]).SingleOrDefault(),
            };
            var body = JsonSerializer.SerializeToUtf8Bytes(health, ApiJson.Options);
            (context.Response.ContentType, context.Response.ContentLength) = ("application/json; charset=utf-8", body.Length);
            return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        },
    };
}
