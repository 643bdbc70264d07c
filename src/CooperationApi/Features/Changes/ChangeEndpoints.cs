using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>The routes of the change feed: `/v1/changes`, `/v1/changes/head` and `/v1/changes/live`.</summary>
internal sealed class ChangeEndpoints(
    Database database, ChangeFeed feed, FeedFollowers followers, ResourceCatalog catalog, SeedData seedData,
    IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Describes the route of the feed.</summary>
    public OperationDescription DescribeList() => new("listChanges", "changes", "List changes.",
        "Returns the change feed, the list of all changes in commit order, for clients that keep a copy of the data set. Without "
        + "`cursor`, the feed starts at the oldest retained change. `next` is the cursor of the next page. While `more` is true, request "
        + "the next page at once; afterwards, request it at any later time. If there are no new changes, a request with the ETag of the "
        + "last page gets 304. The pages up to `more: false` are one run; a run ends with the change that was the newest when the run "
        + "began. A page ends at the end of a transaction. A transaction that is larger than a page spans several pages; all of them "
        + "except the last have `open: true`. Apply the changes of such pages only after the rest has arrived. For each `upsert`, replace "
        + "the stored record. For each `remove`, delete the record. Save `next` in the same transaction. The copy then equals the data "
        + "set at the revision of the last applied change; compare both with `/v1/mirror/digest`. After a 410 response (`epoch_changed`, "
        + "`cursor_ahead`, `cursor_expired`), replace the whole copy with the export at `/v1/exports/latest`. `/v1/changes/live` sends "
        + "the same changes as server-sent events of the type `change`. The last event of a transaction has the cursor as its id, and a "
        + "client resumes with `Last-Event-ID`.")
    {
        ResponseType = typeof(ChangePage),
        Example = ("ChangePage", () => new JsonObject
        {
            ["items"] = new JsonArray([.. CreateExampleChanges()]),
            ["next"] = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
            ["more"] = false,
            ["revision"] = 638,
        }),
        ComponentPrefix = "changes",
        GetParameters = () => FeedQuery.GetParameters(catalog),
        IsPage = true,
        OtherStatuses = [410],
    };

    /// <summary>Describes the route of the head.</summary>
    public OperationDescription DescribeHead() => new("getChangeHead", "changes", "Get the head of the change feed.",
        "Returns the revision of the last change and the cursor after this change, for clients that need later changes only. The cursor "
        + "is valid with the same filter only.")
    {
        ResponseType = typeof(ChangeHead),
        Example = ("ChangeHead", () => new JsonObject
        {
            ["epoch"] = "5f0c2b9a41d7",
            ["revision"] = 638,
            ["cursor"] = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
        }),
        ComponentPrefix = "changes",
        GetParameters = () => FeedQuery.GetFilterParameters(catalog),
    };

    /// <summary>Describes the route of the event stream.</summary>
    public OperationDescription DescribeLive() => new("streamChanges", "changes", "Stream changes as server-sent events.",
        "Sends the changes of the feed as they are saved, until the client disconnects. Each event has the type `change` and a `Change` as "
        + "its data. The last event of a transaction has the cursor as its id, and a client resumes with this id in `Last-Event-ID`. Every "
        + "15 seconds without a change, the service sends a comment. Without a cursor, the stream starts at the head.")
    {
        ResponseType = null,
        OtherContent = new Dictionary<string, string>
        {
            ["text/event-stream"] = "Server-sent events. The `data` of each event is a `Change` as JSON.",
        },
        Example = ("ChangeStream", () => null),
        ComponentPrefix = "changes",
        GetParameters = () => GetLiveParameters(catalog),
        HasETag = false,
        IgnoresAccept = true,
        OtherRequestHeaders = ["LastEventId"],
        OtherResponseHeaders = ["X-Accel-Buffering"],
        OtherStatuses = [410],
    };

    private static QueryParameter[] GetLiveParameters(ResourceCatalog catalog) =>
        [.. FeedQuery.GetFilterParameters(catalog), FeedQuery.CursorParameter];

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

    /// <summary>
    /// Creates the endpoint of the feed: waits for a change if the request has `wait`, then continues with <paramref name="list"/>. The
    /// request timeout does not limit the wait, and a cached page does not replace it.
    /// </summary>
    public RequestDelegate WaitThen(RequestDelegate list) => async context =>
    {
        var query = FeedQuery.Parse(context.Request, catalog, FeedQuery.GetParameters(catalog));
        var version = database.Version;
        if (query.Cursor is { } position)
            followers.Record(context, query.Filter, position);
        if (query.WaitTime > TimeSpan.Zero && query.Cursor is { } cursor && IsAtHead(cursor, version))
            await WaitForChange(version, query.WaitTime, context.RequestAborted);
        await list(context);
    };

    /// <summary>Returns a page of the feed.</summary>
    public async Task<ReadResponse> List(HttpContext context)
    {
        var version = database.Version;
        var query = FeedQuery.Parse(context.Request, catalog, FeedQuery.GetParameters(catalog));
        await EnsureProvinceExists(query, context.RequestAborted);
        // A client at the head gets 304 without a read of the database.
        if (query.Cursor is { } position && IsAtHead(position, version)
            && ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
        {
            return notModified;
        }
        var page = await feed.ReadPage(query.Filter, query.Cursor, query.Limit, context.RequestAborted);
        var nextCursor = page.Next.Encode(query.Filter);
        // Only a page that ends at the head may carry the store's ETag: the client sends it with the next cursor
        // and must not get a 304 while more pages exist.
        var etag = IsAtHead(page.Next, page.Version) ? page.Version.Token : $"{page.Version.Token}-at-{page.Next.Position}";
        return new ReadResponse(etag, IsWeak: true, WriteBody(page, nextCursor))
        {
            NextPageUrl = QueryValues.WithCursor(context.Request, page.HasMore ? nextCursor : null),
        };
    }

    /// <summary>Returns the head of the feed.</summary>
    public async Task<ReadResponse> GetHead(HttpContext context)
    {
        var version = database.Version;
        var query = FeedQuery.Parse(context.Request, catalog, FeedQuery.GetFilterParameters(catalog));
        await EnsureProvinceExists(query, context.RequestAborted);
        return ReadResponse.FromJson(version.Token, new ChangeHead
        {
            Epoch = version.Epoch,
            Revision = version.Revision,
            Cursor = new FeedCursor(version.Epoch, version.Revision).Encode(query.Filter),
        });
    }

    /// <summary>
    /// Streams changes as server-sent events until the client disconnects. Without a cursor, the stream starts at the head.
    /// </summary>
    public async Task StreamChanges(HttpContext context)
    {
        var lastEventId = context.Request.Headers["Last-Event-ID"].ToString();
        var query = FeedQuery.Parse(context.Request, catalog, GetLiveParameters(catalog), lastEventId.Length > 0 ? lastEventId : null);
        await EnsureProvinceExists(query, context.RequestAborted);
        var version = database.Version;
        var start = query.Cursor ?? (query.StartsAtOldest ? null : new FeedCursor(version.Epoch, version.Revision));
        // The first page is read before the response starts, so that an unusable cursor still gets a problem document.
        var page = await feed.ReadPage(query.Filter, start, Limits.MaxPageChanges, context.RequestAborted);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // nginx would collect events until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        // A proxy forwards the headers with the first bytes of the body.
        await response.WriteAsync(": connected\n\n", context.RequestAborted);
        while (true)
        {
            await WriteEvents(response, page, query.Filter, context.RequestAborted);
            followers.Record(context, query.Filter, page.Next);
            version = page.Version;
            if (!page.HasMore && !await WaitForChange(version, HeartbeatInterval, context.RequestAborted))
            {
                if (lifetime.ApplicationStopping.IsCancellationRequested)
                    return;
                await response.WriteAsync(": keep-alive\n\n", context.RequestAborted);
                await response.Body.FlushAsync(context.RequestAborted);
            }
            page = await feed.ReadPage(query.Filter, page.Next, Limits.MaxPageChanges, context.RequestAborted);
        }
    }

    private static async Task WriteEvents(HttpResponse response, FeedPage page, FeedFilter filter, CancellationToken cancel)
    {
        var events = new StringBuilder();
        foreach (var (i, change) in page.Changes.Index())
        {
            // A client reconnects with the last id (Last-Event-ID). Only a change at the end of a transaction has an id.
            if (i == page.Changes.Count - 1 && !page.EndsInTransaction)
                events.Append(CultureInfo.InvariantCulture, $"id: {page.Next.Encode(filter)}\n");
            events.Append("event: change\ndata: ").Append(Encoding.UTF8.GetString(change)).Append("\n\n");
        }
        await response.WriteAsync(events.ToString(), cancel);
        await response.Body.FlushAsync(cancel);
    }

    /// <summary>Waits for a change. Returns false after the timeout and when the service stops.</summary>
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

    private async Task EnsureProvinceExists(FeedQuery query, CancellationToken cancel)
    {
        if (query.Cursor is not null || query.AppliedProvince is not { } province)
            return;
        await database.Read(async connection =>
        {
            await RecordQueries.EnsureRequiredRecordsExist(connection, province);
            return true;
        }, cancel);
    }

    private static bool IsAtHead(FeedCursor cursor, StoreVersion version) =>
        cursor.Epoch == version.Epoch && cursor.Position == version.Revision && cursor.EndRevision == 0;

    private static byte[] WriteBody(FeedPage page, string nextCursor) => PageJson.Write(page.Changes,
        $",\"next\":\"{nextCursor}\",\"more\":{(page.HasMore ? "true" : "false")}{(page.EndsInTransaction ? ",\"open\":true" : "")}"
        + $",\"revision\":{page.EndRevision}}}");
}
