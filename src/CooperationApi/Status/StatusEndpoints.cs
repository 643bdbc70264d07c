using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Status;

/// <summary>`/v1/status` for integrators; `/health/live` and `/health/ready` for whoever runs the service.</summary>
internal sealed class StatusEndpoints(Database database, Answers answers, Catalog catalog, FoundingContent content)
{
    private Operation Operation() => new("readStatus", "status", "Reads the state of the service.",
        "The life and the last change of the store, and how many records it has: what an integrator asks before a synchronisation.")
    {
        Answer = typeof(ServiceStatus),
        Example = ("ServiceStatus", () => new JsonObject
        {
            ["apiVersion"] = ServiceHeaders.ApiVersion,
            ["epoch"] = "5f0c2b9a41d7",
            ["revision"] = 203,
            ["changedAt"] = "2026-11-22T08:00:00.000Z",
            ["records"] = new JsonObject(catalog.Types.Select(type => KeyValuePair.Create(type, (JsonNode?)content.Count(type)))),
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

    private Task Status(HttpContext context) => answers.Serve(context, database.Mark.Text, async () =>
    {
        StrictQuery.DemandNone(context.Request);
        var status = await database.Read(async connection =>
        {
            var mark = await Database.MarkOf(connection);
            var changedAt = await connection.QuerySingleOrDefaultAsync<string>("SELECT at FROM change ORDER BY seq DESC LIMIT 1");
            var counts = (await connection.QueryAsync<(string Type, long Count)>("SELECT type, count(*) FROM record GROUP BY type")).ToDictionary();
            return new ServiceStatus
            {
                ApiVersion = ServiceHeaders.ApiVersion,
                Epoch = mark.Epoch,
                Revision = mark.Revision,
                ChangedAt = changedAt,
                Records = catalog.Types.ToDictionary(type => type, type => counts.GetValueOrDefault(type)),
            };
        }, context.RequestAborted);
        return new Answer($"{status.Epoch}-{status.Revision}", IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(status, Wire.Json));
    });

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
