using CooperationApi.Access;
using CooperationApi.Assistants;
using CooperationApi.Features.Exports;
using CooperationApi.Pages;
using CooperationApi.Storage;

namespace CooperationApi.Telemetry;

/// <summary>Logs the program, the store, the addresses and the open parts of the service, once, after the server listens.</summary>
internal sealed partial class StartSummary(Database database, AccessOptions access, ExportsOptions exports, McpOptions mcp,
    IConfiguration configuration, ILogger<StartSummary> logger)
{
    /// <summary>Logs the summary when the server listens.</summary>
    public void LogWhenStarted(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var (version, addresses) = (database.Version, string.Join(", ", app.Urls));
        var (hasPages, hasOtlp) = (app.HasPages(), TelemetrySetup.HasOtlpEndpoint(configuration));
        LogStarted(TelemetrySetup.ProgramVersion, database.SystemName, database.StoreName, version.Revision, version.Epoch, addresses,
            access.AllowAnonymousRead, hasPages, exports.Enabled, mcp.Enabled, hasOtlp);
    });

    [LoggerMessage(Level = LogLevel.Information, Message = "CooperationApi {Version} serves the {Engine} store {Store} at revision "
        + "{Revision}, epoch {Epoch}, on {Addresses}. Anonymous reads: {AnonymousReads}. Pages: {Pages}. Daily exports: {Exports}. "
        + "Tools at /mcp: {Mcp}. OTLP: {Otlp}")]
    private partial void LogStarted(string version, string engine, string store, long revision, string epoch, string addresses,
        bool anonymousReads, bool pages, bool exports, bool mcp, bool otlp);
}
