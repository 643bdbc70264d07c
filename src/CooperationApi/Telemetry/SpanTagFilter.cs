using System.Diagnostics;
using OpenTelemetry;

namespace CooperationApi.Telemetry;

/// <summary>
/// Removes all tags of spans that are not in a list before the export. The instrumentation of ASP.NET Core adds the path, with ids of
/// records, the query and the user agent.
/// </summary>
internal sealed class SpanTagFilter : BaseProcessor<Activity>
{
    private static readonly HashSet<string> AllowedTags =
    [
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "server.address", "server.port",
        "network.protocol.version", "error.type", "db.system.name", "db.operation.name",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var (name, _) in data.TagObjects.Where(tag => !AllowedTags.Contains(tag.Key)).ToList())
            data.SetTag(name, null);
    }
}
