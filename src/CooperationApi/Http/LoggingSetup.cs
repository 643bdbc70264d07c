using CooperationApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CooperationApi.Http;

/// <summary>The log: a line of JSON an event in Production, for machines; plain lines elsewhere, for people. With the trace id in both, and without secrets.</summary>
internal static class LoggingSetup
{
    // Its lines have whole addresses, with queries and before anything of ours has looked at them.
    private const string HostingDiagnosticsCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Logs to standard output, or where that is for answers to standard error.</summary>
    public static void AddConsoleLogging(this WebApplicationBuilder builder, bool useStandardError)
    {
        builder.Logging.ClearProviders();
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (builder.Environment.IsProduction())
            builder.Logging.AddJsonConsole(options => (options.IncludeScopes, options.UseUtcTimestamp, options.TimestampFormat, options.JsonWriterOptions)
                = (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", new() { Encoder = ApiJson.Options.Encoder }));
        else
            builder.Logging.AddSimpleConsole(options => (options.SingleLine, options.ColorBehavior) = (true, LoggerColorBehavior.Default));
        if (useStandardError)
            builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter(HostingDiagnosticsCategory, LogLevel.Warning);
        builder.Logging.AddFilter<ConsoleLoggerProvider>(HostingDiagnosticsCategory, LogLevel.Warning);
        foreach (var formatter in builder.Services.Where(service => service.ServiceType == typeof(ConsoleFormatter)).ToList())
        {
            builder.Services.Remove(formatter);
            builder.Services.AddSingleton<ConsoleFormatter>(services => new ScrubbingFormatter((ConsoleFormatter)ActivatorUtilities.CreateInstance(services, formatter.ImplementationType!)));
        }
    }

    /// <summary>Writes lines as another does, but for keys and tokens: whoever logged them, they are not in the log.</summary>
    private sealed class ScrubbingFormatter(ConsoleFormatter inner) : ConsoleFormatter(inner.Name)
    {
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            using var line = new StringWriter();
            inner.Write(logEntry, scopeProvider, line);
            textWriter.Write(SecretScrubber.Scrub(line.ToString()));
        }
    }
}
