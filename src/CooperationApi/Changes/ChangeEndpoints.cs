using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Changes;

/// <summary>The feed of all changes, for who keeps a copy: `/v1/changes`, its head, and as it happens.</summary>
internal sealed class ChangeEndpoints(Database database, Feed feed, ResourceStore store, Answers answers, Catalog catalog, FoundingContent content, IHostApplicationLifetime life)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<ChangeEndpoints>();
        v1.MapRead("changes", endpoints.List, endpoints.ListOperation);
        v1.MapRead("changes/head", endpoints.Head, endpoints.HeadOperation);
        v1.MapRead("changes/live", endpoints.Live);
    }

    private Operation ListOperation() => new("listChanges", "changes", "Lists what changed, in the order in which it was committed.",
        "The feed, for who keeps a copy. Without a cursor it begins at the oldest change that is kept; `next` goes on, at once where there is `more`, and later otherwise: who has the head "
        + "and sends the page's ETag is told 304. A run ends where the head was when it began. A page ends where a transaction ends; one that is larger than a page goes on over several, each but the last "
        + "marked `open`, to be applied when the rest has come. Put every upsert in the place of what was there, take out what is removed, keep `next` with it in one transaction, and the copy "
        + "is what the service was at that number: `/v1/mirror/digest` proves it. A cursor that is of no use any more is a 410 (`epoch_changed`, `cursor_ahead`, `cursor_expired`): replace the copy by "
        + "`/v1/exports/latest`. `/v1/changes/live` sends the same as server-sent events (`change`, with the cursor as id where a transaction ends) and takes `Last-Event-ID`.")
    {
        Answer = typeof(ChangePage),
        Example = ("ChangePage", () => new JsonObject
        {
            ["items"] = new JsonArray([.. Examples()]),
            ["next"] = Cursor.Write("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
            ["more"] = false,
            ["revision"] = 499,
        }),
        Owner = "changes",
        Parameters = FeedQuery.Parameters(catalog),
        Refusals = [410],
    };

    private Operation HeadOperation() => new("readChangeHead", "changes", "Reads where the feed ends.",
        "The number of the last change, and the cursor behind it: for who wants to follow from now on. The cursor is of the filter that is asked with.")
    {
        Answer = typeof(ChangeHead),
        Example = ("ChangeHead", () => new JsonObject
        {
            ["epoch"] = "5f0c2b9a41d7",
            ["revision"] = 499,
            ["cursor"] = Cursor.Write("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
        }),
        Owner = "changes",
        Parameters = FeedQuery.FilterParameters(catalog),
    };

    private IEnumerable<JsonNode> Examples()
    {
        if (content.Example(catalog["provinces"]) is { } province)
        {
            yield return new JsonObject
            {
                ["revision"] = 1,
                ["at"] = "2026-11-22T08:00:00.000Z",
                ["op"] = "upsert",
                ["type"] = "provinces",
                ["id"] = province["id"]!.GetValue<string>(),
                ["hash"] = BodyHash.Of(province.ToJsonString(Wire.Json)),
                ["data"] = province,
            };
        }
    }

    private async Task List(HttpContext context)
    {
        var query = FeedQuery.Read(context.Request, catalog, FeedQuery.Parameters(catalog));
        await CheckProvince(query, context.RequestAborted);
        if (query.Wait > TimeSpan.Zero && query.Cursor is { } cursor && IsAtHead(cursor, database.Mark))
            await Wait(database.Mark, query.Wait, context.RequestAborted);
        var mark = database.Mark;
        await answers.Serve(context, mark.Text, async () =>
        {
            // Who is in step is told so at the cost of nothing.
            if (query.Cursor is { } place && IsAtHead(place, mark) && Answers.Known(context.Request, mark.Text) is { } unchanged)
                return unchanged;
            var page = await feed.Read(query.Filter, query.Cursor, query.Limit, context.RequestAborted);
            var next = page.Next.In(query.Filter);
            // Sent with the next cursor, a tag says that nothing is new only if it is that of a page that ends at the head.
            var tag = IsAtHead(page.Next, page.Mark) ? page.Mark.Text : $"{page.Mark.Text}-at-{page.Next.Number}";
            return new Answer(tag, IsWeak: true, Body(page, next)) { NextPage = page.HasMore ? StrictQuery.WithCursor(context.Request, next) : null };
        });
    }

    private Task Head(HttpContext context)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, async () =>
        {
            var query = FeedQuery.Read(context.Request, catalog, FeedQuery.FilterParameters(catalog));
            await CheckProvince(query, context.RequestAborted);
            var head = new ChangeHead { Epoch = mark.Epoch, Revision = mark.Revision, Cursor = new FeedCursor(mark.Epoch, mark.Revision).In(query.Filter) };
            return new Answer(mark.Text, IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(head, Wire.Json));
        });
    }

    /// <summary>Sends changes as they happen, until the caller goes. Without a cursor it begins with the next one.</summary>
    private async Task Live(HttpContext context)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        var query = FeedQuery.Read(context.Request, catalog, [.. FeedQuery.FilterParameters(catalog), new FeedCursorParameter()], last.Length > 0 ? last : null);
        await CheckProvince(query, context.RequestAborted);
        var mark = database.Mark;
        var place = query.Cursor ?? new(mark.Epoch, mark.Revision);
        // What the cursor is refused for is said before anything is sent.
        var page = await feed.Read(query.Filter, place, FeedQuery.MostChanges, context.RequestAborted);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        while (true)
        {
            await Send(response, page, query.Filter, context.RequestAborted);
            mark = page.Mark;
            if (!page.HasMore && !await Wait(mark, Heartbeat, context.RequestAborted))
            {
                if (life.ApplicationStopping.IsCancellationRequested)
                    return;
                await response.WriteAsync(": nothing new\n\n", context.RequestAborted);
                await response.Body.FlushAsync(context.RequestAborted);
            }
            page = await feed.Read(query.Filter, page.Next, FeedQuery.MostChanges, context.RequestAborted);
        }
    }

    private static async Task Send(HttpResponse response, FeedPage page, FeedFilter filter, CancellationToken cancel)
    {
        var events = new StringBuilder();
        foreach (var (i, change) in page.Changes.Index())
        {
            // The id is where a new connection goes on: only behind whole transactions.
            if (i == page.Changes.Count - 1 && !page.IsOpen)
                events.Append(CultureInfo.InvariantCulture, $"id: {page.Next.In(filter)}\n");
            events.Append("event: change\ndata: ").Append(Encoding.UTF8.GetString(change)).Append("\n\n");
        }
        await response.WriteAsync(events.ToString(), cancel);
        await response.Body.FlushAsync(cancel);
    }

    /// <summary>Whether anything changed in that time. The service's end is not waited out.</summary>
    private async Task<bool> Wait(Mark seen, TimeSpan patience, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, life.ApplicationStopping);
        try
        {
            await database.WaitForChange(seen, patience, over.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        return database.Mark != seen;
    }

    private Task CheckProvince(FeedQuery query, CancellationToken cancel) =>
        query.Cursor is null && query.Province is { } province ? store.CheckNamed([province], cancel) : Task.CompletedTask;

    private static bool IsAtHead(FeedCursor cursor, Mark mark) => cursor.Epoch == mark.Epoch && cursor.Number == mark.Revision && cursor.End == 0;

    private static byte[] Body(FeedPage page, string next) => Bodies.Page(page.Changes,
        $",\"next\":\"{next}\",\"more\":{(page.HasMore ? "true" : "false")}{(page.IsOpen ? ",\"open\":true" : "")},\"revision\":{page.End}}}");
}
