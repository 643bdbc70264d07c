using Microsoft.Extensions.Logging.Console;

namespace CooperationApi.Http;

/// <summary>The log: a line of JSON an event in Production, for machines; plain lines elsewhere, for people. With the trace id in both.</summary>
internal static class Logs
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (builder.Environment.IsProduction())
            builder.Logging.AddJsonConsole(options => (options.IncludeScopes, options.UseUtcTimestamp, options.TimestampFormat) = (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        else
            builder.Logging.AddSimpleConsole(options => (options.SingleLine, options.ColorBehavior) = (true, LoggerColorBehavior.Default));
    }
}
