using System.Reflection;
using CooperationApi.Access;
using CooperationApi.Http;
using CooperationApi.Storage;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CooperationApi.Telemetry;

/// <summary>
/// Sets up OpenTelemetry: metrics for Prometheus at `/metrics`, and metrics and traces over OTLP if `OTEL_EXPORTER_OTLP_ENDPOINT` is set.
/// </summary>
internal static class TelemetrySetup
{
    private const string MetricsPath = "/metrics";

    /// <summary>The path of the health checks.</summary>
    public const string HealthPath = "/health";

    /// <summary>The version of the program.</summary>
    public static string ProgramVersion { get; } =
        typeof(TelemetrySetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("cooperation-api", serviceVersion: ProgramVersion, autoGenerateServiceInstanceId: false,
                    serviceInstanceId: Environment.MachineName)
                // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override these values.
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddMeter(StoreOperation.TelemetryName, HttpMetrics.MeterName, AccessMetrics.MeterName, ServiceGauges.MeterName)
                .AddPrometheusExporter());
        if (!HasOtlpEndpoint(builder.Configuration))
            return;
        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter()).WithTracing(traces => traces
            .AddAspNetCoreInstrumentation(options => options.Filter = context => !context.IsMonitoring())
            .AddSource(StoreOperation.TelemetryName)
            .AddProcessor<SpanTagFilter>()
            .AddOtlpExporter());
    }

    /// <summary>Maps the metrics for Prometheus, and adds those of the store, which must be open.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        ActivatorUtilities.CreateInstance<ServiceGauges>(routes.ServiceProvider);
        routes.MapPrometheusScrapingEndpoint(MetricsPath).RequireAuthorization(Policies.Metrics)
            .WithMetadata(new HttpMethodMetadata(["GET", "HEAD"])).ForMonitoring();
    }

    /// <summary>
    /// Excludes routes that monitoring programs request every few seconds from the metrics of requests and the rate limits.
    /// </summary>
    public static TBuilder ForMonitoring<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.DisableHttpMetrics().DisableRateLimiting();

    /// <summary>True for the paths of the routes for monitoring programs. A span begins before routing.</summary>
    public static bool IsMonitoring(this HttpContext context) =>
        context.Request.Path.StartsWithSegments(HealthPath) || context.Request.Path.StartsWithSegments(MetricsPath);

    /// <summary>
    /// True if the environment variable has the address of an OTLP receiver. The exporters ignore the variables of one signal.
    /// </summary>
    public static bool HasOtlpEndpoint(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}
