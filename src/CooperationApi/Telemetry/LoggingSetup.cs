using CooperationApi.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CooperationApi.Telemetry;

/// <summary>
/// Sets up the console log: JSON lines with the trace id in Production, plain lines in other environments, both without secrets.
/// </summary>
internal static class LoggingSetup
{
    // Logs full URLs with query strings, before any middleware of the service has checked them for secrets.
    private const string HostingDiagnosticsCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Logs to standard output, or to standard error if a command writes its results to standard output.</summary>
    public static void AddConsoleLogging(this WebApplicationBuilder builder, bool useStandardError)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsProduction())
            builder.Logging.AddConsole(options => options.FormatterName = JsonLineFormatter.FormatterName)
                .AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        else
            builder.Logging.AddSimpleConsole(options => (options.SingleLine, options.ColorBehavior) = (true, LoggerColorBehavior.Default));
        if (useStandardError)
            builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter(HostingDiagnosticsCategory, LogLevel.Warning);
        builder.Logging.AddFilter<ConsoleLoggerProvider>(HostingDiagnosticsCategory, LogLevel.Warning);
        foreach (var formatter in builder.Services.Where(service => service.ServiceType == typeof(ConsoleFormatter)).ToList())
        {
            builder.Services.Remove(formatter);
            builder.Services.AddSingleton<ConsoleFormatter>(
                services =>
                    new ScrubbingFormatter((ConsoleFormatter)ActivatorUtilities.CreateInstance(services, formatter.ImplementationType!)));
        }
    }

    /// <summary>Wraps a console formatter and removes API keys and tokens from its output.</summary>
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
