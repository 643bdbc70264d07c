using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>The feed of all changes, for who keeps a copy: `/v1/changes`, its head, and as it happens.</summary>
internal sealed class ChangeEndpoints(Database database, ChangeFeed feed, RecordQueries queries, ResponseCache responseCache, ResourceCatalog catalog, SeedData seedData, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<ChangeEndpoints>();
        v1.MapGetAndHead("changes", endpoints.List, endpoints.CreateListOperation);
        v1.MapGetAndHead("changes/head", endpoints.GetHead, endpoints.CreateHeadOperation);
        v1.MapGetAndHead("changes/live", endpoints.StreamChanges);
    }

    private OperationDescription CreateListOperation() => new("listChanges", "changes", "Lists what changed, in the order in which it was committed.",
        "The feed, for who keeps a copy. Without a cursor it begins at the oldest change that is kept; `next` goes on, at once where there is `more`, and later otherwise: who has the head "
        + "and sends the page's ETag is told 304. A run ends where the head was when it began. A page ends where a transaction ends; one that is larger than a page goes on over several, each but the last "
        + "marked `open`, to be applied when the rest has come. Put every upsert in the place of what was there, take out what is removed, keep `next` with it in one transaction, and the copy "
        + "is what the service was at that number: `/v1/mirror/digest` proves it. A cursor that is of no use any more is a 410 (`epoch_changed`, `cursor_ahead`, `cursor_expired`): replace the copy by "
        + "`/v1/exports/latest`. `/v1/changes/live` sends the same as server-sent events (`change`, with the cursor as id where a transaction ends) and takes `Last-Event-ID`.")
    {
        ResponseType = typeof(ChangePage),
        Example = ("ChangePage", () => new JsonObject
        {
            ["items"] = new JsonArray([.. CreateExampleChanges()]),
            ["next"] = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
            ["more"] = false,
            ["revision"] = 499,
        }),
        ComponentPrefix = "changes",
        Parameters = FeedQuery.GetParameters(catalog),
        ErrorStatuses = [410],
    };

    private OperationDescription CreateHeadOperation() => new("getChangeHead", "changes", "Reads where the feed ends.",
        "The number of the last change, and the cursor behind it: for who wants to follow from now on. The cursor is of the filter that is asked with.")
    {
        ResponseType = typeof(ChangeHead),
        Example = ("ChangeHead", () => new JsonObject
        {
            ["epoch"] = "5f0c2b9a41d7",
            ["revision"] = 499,
            ["cursor"] = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
        }),
        ComponentPrefix = "changes",
        Parameters = FeedQuery.GetFilterParameters(catalog),
    };

    private IEnumerable<JsonNode> CreateExampleChanges()
    {
        if (seedData.GetExample(catalog["provinces"]) is { } province)
        {
            yield return new JsonObject
            {
                ["revision"] = 1,
                ["at"] = "2026-11-22T08:00:00.000Z",
                ["op"] = "upsert",
                ["type"] = "provinces",
                ["id"] = province["id"]!.GetValue<string>(),
                ["hash"] = RecordHash.Compute(province.ToJsonString(ApiJson.Options)),
                ["data"] = province,
            };
        }
    }

    private async Task List(HttpContext context)
    {
        var query = FeedQuery.Parse(context.Request, catalog, FeedQuery.GetParameters(catalog));
        await EnsureProvinceExists(query, context.RequestAborted);
        if (query.WaitTime > TimeSpan.Zero && query.Cursor is { } cursor && IsAtHead(cursor, database.Version))
            await WaitForChange(database.Version, query.WaitTime, context.RequestAborted);
        var version = database.Version;
        await responseCache.Respond(context, version.Token, async () =>
        {
            // Who is in step is told so at the cost of nothing.
            if (query.Cursor is { } position && IsAtHead(position, version) && ResponseCache.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
                return notModified;
            var page = await feed.ReadPage(query.Filter, query.Cursor, query.Limit, context.RequestAborted);
            var nextCursor = page.Next.Encode(query.Filter);
            // Sent with the next cursor, a tag says that nothing is new only if it is that of a page that ends at the head.
            var etag = IsAtHead(page.Next, page.Version) ? page.Version.Token : $"{page.Version.Token}-at-{page.Next.Position}";
            return new ReadResponse(etag, IsWeak: true, WriteBody(page, nextCursor)) { NextPageUrl = page.HasMore ? QueryStringParser.WithCursor(context.Request, nextCursor) : null };
        });
    }

    private Task GetHead(HttpContext context)
    {
        var version = database.Version;
        return responseCache.Respond(context, version.Token, async () =>
        {
            var query = FeedQuery.Parse(context.Request, catalog, FeedQuery.GetFilterParameters(catalog));
            await EnsureProvinceExists(query, context.RequestAborted);
            var head = new ChangeHead { Epoch = version.Epoch, Revision = version.Revision, Cursor = new FeedCursor(version.Epoch, version.Revision).Encode(query.Filter) };
            return new ReadResponse(version.Token, IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(head, ApiJson.Options));
        });
    }

    /// <summary>Sends changes as they happen, until the caller goes. Without a cursor it begins with the next one.</summary>
    private async Task StreamChanges(HttpContext context)
    {
        var lastEventId = context.Request.Headers["Last-Event-ID"].ToString();
        var query = FeedQuery.Parse(context.Request, catalog, [.. FeedQuery.GetFilterParameters(catalog), new FeedCursorParameter()], lastEventId.Length > 0 ? lastEventId : null);
        await EnsureProvinceExists(query, context.RequestAborted);
        var version = database.Version;
        var start = query.Cursor ?? new(version.Epoch, version.Revision);
        // What the cursor is refused for is said before anything is sent.
        var page = await feed.ReadPage(query.Filter, start, FeedQuery.MaxChanges, context.RequestAborted);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        while (true)
        {
            await WriteEvents(response, page, query.Filter, context.RequestAborted);
            version = page.Version;
            if (!page.HasMore && !await WaitForChange(version, HeartbeatInterval, context.RequestAborted))
            {
                if (lifetime.ApplicationStopping.IsCancellationRequested)
                    return;
                await response.WriteAsync(": nothing new\n\n", context.RequestAborted);
                await response.Body.FlushAsync(context.RequestAborted);
            }
            page = await feed.ReadPage(query.Filter, page.Next, FeedQuery.MaxChanges, context.RequestAborted);
        }
    }

    private static async Task WriteEvents(HttpResponse response, FeedPage page, FeedFilter filter, CancellationToken cancel)
    {
        var events = new StringBuilder();
        foreach (var (i, change) in page.Changes.Index())
        {
            // The id is where a new connection goes on: only behind whole transactions.
            if (i == page.Changes.Count - 1 && !page.EndsInTransaction)
                events.Append(CultureInfo.InvariantCulture, $"id: {page.Next.Encode(filter)}\n");
            events.Append("event: change\ndata: ").Append(Encoding.UTF8.GetString(change)).Append("\n\n");
        }
        await response.WriteAsync(events.ToString(), cancel);
        await response.Body.FlushAsync(cancel);
    }

    /// <summary>Whether anything changed in that time. The service's end is not waited out.</summary>
    private async Task<bool> WaitForChange(StoreVersion knownVersion, TimeSpan timeout, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            await database.WaitForChange(knownVersion, timeout, stopping.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        return database.Version != knownVersion;
    }

    private Task EnsureProvinceExists(FeedQuery query, CancellationToken cancel) =>
        query.Cursor is null && query.AppliedProvince is { } province ? queries.EnsureRequiredRecordsExist([province], cancel) : Task.CompletedTask;

    private static bool IsAtHead(FeedCursor cursor, StoreVersion version) => cursor.Epoch == version.Epoch && cursor.Position == version.Revision && cursor.EndRevision == 0;

    private static byte[] WriteBody(FeedPage page, string nextCursor) => PageJson.Write(page.Changes,
        $",\"next\":\"{nextCursor}\",\"more\":{(page.HasMore ? "true" : "false")}{(page.EndsInTransaction ? ",\"open\":true" : "")},\"revision\":{page.EndRevision}}}");
}
