using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Changes;
using CooperationApi.Contracts;
using CooperationApi.Exports;
using CooperationApi.Http;
using CooperationApi.Mirror;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Status;

/// <summary>`/v1/status` for integrators; `/health/live` and `/health/ready` for whoever runs the service.</summary>
internal sealed class StatusEndpoints(Database database, ExportShelf shelf, SelfCheck check, Catalog catalog, FoundingContent content)
{
    private readonly FeedFilter everything = new(catalog, [], provinceId: null);

    // What follows the store alone is counted once for each of its states.
    private (string State, ServiceStatus Status)? known;

    private Operation Operation() => new("readStatus", "status", "Reads the state of the service.",
        "The life and the last change of the store, from where on its feed is kept, its latest export, what it last found when it checked itself, and how many records it has: what an "
        + "integrator asks before a synchronisation.")
    {
        Answer = typeof(ServiceStatus),
        Example = ("ServiceStatus", () => new JsonObject
        {
            ["apiVersion"] = ServiceHeaders.ApiVersion,
            ["epoch"] = "5f0c2b9a41d7",
            ["revision"] = 203,
            ["changedAt"] = "2026-11-22T08:00:00.000Z",
            ["oldestCursor"] = Cursor.Write("changes\n\n", "5f0c2b9a41d7", 0L, 0L, 0L),
            ["lastExport"] = new JsonObject { ["id"] = "5f0c2b9a41d7-203", ["revision"] = 203, ["at"] = "2026-11-22T18:30:00.000Z" },
            ["selfCheck"] = new JsonObject { ["at"] = "2026-11-23T07:00:00.000Z", ["revision"] = 203, ["agrees"] = true },
            ["records"] = new JsonObject(catalog.Types.Select(type => KeyValuePair.Create(type, (JsonNode?)content.Count(type)))),
            ["sources"] = new JsonArray(new JsonObject
            {
                ["id"] = content.Example(catalog["sources"])?["id"]!.GetValue<string>() ?? "bai-bao",
                ["revision"] = 203,
                ["changedAt"] = "2026-11-22T08:00:00.000Z",
            }),
        }),
    };

    /// <summary>Maps the routes.</summary>
    public static void Map(WebApplication app)
    {
        var endpoints = app.Services.GetRequiredService<StatusEndpoints>();
        app.MapRead("/v1/status", endpoints.Status, endpoints.Operation);
        app.MapRead("/health/live", Live);
        app.MapRead("/health/ready", endpoints.Ready);
    }

    private async Task Status(HttpContext context)
    {
        Answers.DemandJson(context.Request);
        StrictQuery.DemandNone(context.Request);
        var status = known is { } kept && kept.State == database.Mark.Text ? kept.Status : await database.Read(connection => OfStore(connection), context.RequestAborted);
        var export = await shelf.Latest(context.RequestAborted);
        status = status with
        {
            LastExport = export is null ? null : new() { Id = export.Id, Revision = export.Revision, At = export.At },
            SelfCheck = check.Last,
        };
        var tag = $"{status.Epoch}-{status.Revision}-{status.LastExport?.Revision}-{string.Concat((status.SelfCheck?.At ?? "").Where(char.IsAsciiDigit))}";
        await Answers.ServeUnkept(context, new(tag, IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(status, Wire.Json)));
    }

    private async Task<ServiceStatus> OfStore(DbConnection connection)
    {
        var mark = await Database.MarkOf(connection);
        var counts = (await connection.QueryAsync<(string Type, long Count)>("SELECT type, count(*) FROM record GROUP BY type")).ToDictionary();
        var status = new ServiceStatus
        {
            ApiVersion = ServiceHeaders.ApiVersion,
            Epoch = mark.Epoch,
            Revision = mark.Revision,
            ChangedAt = await connection.QuerySingleOrDefaultAsync<string>("SELECT at FROM change ORDER BY seq DESC LIMIT 1"),
            OldestCursor = new FeedCursor(mark.Epoch, mark.Horizon).In(everything),
            Records = catalog.Types.ToDictionary(type => type, type => counts.GetValueOrDefault(type)),
            Sources = (await connection.QueryAsync<SourceFreshness>(
                """
                SELECT source.id, max(change.seq) AS revision, change.at AS changedAt
                FROM (SELECT seq, type, id, at FROM change ORDER BY seq DESC LIMIT 1000) change
                CROSS JOIN record ON record.type = change.type AND record.id = change.id
                CROSS JOIN link ON link.number = record.number
                CROSS JOIN record source ON source.number = link.to_number AND source.type = 'sources'
                GROUP BY source.id ORDER BY revision DESC, source.id
                """)).AsList(),
        };
        known = (mark.Text, status);
        return status;
    }

    /// <summary>Alive is who answers.</summary>
    private static Task Live(HttpContext context) => Say(context, new { status = "live" });

    /// <summary>Ready is who can read the store now; otherwise the failure of the read is answered, as everywhere, with 503.</summary>
    private async Task Ready(HttpContext context)
    {
        var mark = await database.Read(Database.MarkOf, context.RequestAborted);
        await Say(context, new { status = "ready", revision = mark.Revision });
    }

    private static Task Say<T>(HttpContext context, T health)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(health, Wire.Json, context.RequestAborted);
    }
}
