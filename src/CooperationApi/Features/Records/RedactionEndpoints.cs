using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using Dapper;
using FluentValidation;

namespace CooperationApi.Features.Records;

/// <summary>
/// What must not be in the record is taken out of it whole: the record, all that it ever said, the words that search knows it by, and their traces in the file. `POST
/// /v1/{type}/{id}/redact`, for Admins.
/// </summary>
internal sealed class RedactionEndpoints(Database database, CallerAuthenticator callers, RedactionPurge purge)
{
    // Within the time that a request has.
    private static readonly TimeSpan PurgeTimeout = TimeSpan.FromSeconds(5);

    private readonly RedactionValidator validator = new();

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var redactions = v1.ServiceProvider.GetRequiredService<RedactionEndpoints>();
        foreach (var resource in v1.ServiceProvider.GetRequiredService<ResourceCatalog>().All)
            v1.MapWrite(HttpMethod.Post, $"{resource.Type}/{{id}}/redact", context => redactions.Redact(context, resource), () => Describe(resource));
    }

    private static OperationDescription Describe(Resource resource) => new($"redact{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type, $"Takes one {resource.Singular} out of the record, with all that it ever said.",
        "For what must not be kept. The record goes, the content of its whole history, the words that only it had in search, and their traces in the store's file; a record that was deleted or merged "
        + "before can be redacted as well. What stays is that there was a record of this id, when it changed and by whom, and when and why it was redacted: its address says so (410), and nobody can make "
        + "it again. A record that others name is not redacted: 409 lists them. Backups and copies are not reached. Sent again it changes nothing and answers the same, with the first reason.")
    {
        Method = HttpMethod.Post,
        Body = (typeof(Redaction), new JsonObject { ["reason"] = "Dữ liệu cá nhân được ghi nhầm" }),
        ResponseType = typeof(RedactionReport),
        Example = ("RedactionReport", () => new JsonObject
        {
            ["type"] = "officials",
            ["id"] = "nguyen-van-a",
            ["revision"] = 504,
            ["at"] = "2026-11-22T08:00:00.000Z",
            ["actor"] = "Ban biên tập (a8r2m5qz)",
            ["reason"] = "Dữ liệu cá nhân được ghi nhầm",
            ["purged"] = true,
        }),
        PathIdExample = resource.Example,
        ErrorStatuses = [409],
        RequiredRole = Role.Admin,
    };

    private async Task Redact(HttpContext context, Resource resource)
    {
        var caller = callers.RequireRole(context, Role.Admin);
        ResponseCache.EnsureAcceptsJson(context.Request);
        QueryStringParser.RejectAll(context.Request);
        var (type, id) = (resource.Type, context.GetRouteId());
        if (!Slug.IsSlug(id))
            throw new ProblemException(404, "record_not_found", type, id);
        var redaction = await RequestBody.ReadAs<Redaction>(context);
        validator.EnsureValid(redaction);
        try
        {
            await database.Write(caller.Name, connection => CreateChanges(connection, resource, id, redaction.Reason), context.RequestAborted);
        }
        catch (StillReferencedException exception)
        {
            throw exception.ToProblem(type, id);
        }
        var tombstone = (await database.Read(connection => Tombstone.Find(connection, type, id), CancellationToken.None))!;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new RedactionReport
        {
            Type = type,
            Id = id,
            Revision = tombstone.Revision,
            At = tombstone.DeletedAt,
            Actor = tombstone.Actor,
            Reason = tombstone.RedactionReason!,
            Purged = await purge.RequestPurge(PurgeTimeout),
        }, ApiJson.Options, context.RequestAborted);
    }

    private static async IAsyncEnumerable<RecordChange> CreateChanges(DbConnection connection, Resource resource, string id, string reason)
    {
        // Not checked, and read as text, whatever its bytes: what is damaged may have to go all the more.
        var (type, stored) = (resource.Type, await connection.QuerySingleOrDefaultAsync<(string Body, string Found)?>(
            "SELECT record.body, search_row.names || ' ' || search_row.texts FROM record JOIN search_row ON search_row.number = record.number WHERE record.type = @Type AND record.id = @id",
            new { resource.Type, id }));
        if (stored is null)
        {
            var tombstone = await Tombstone.Find(connection, type, id) ?? throw Tombstone.NotFoundOrGone(null, type, id);
            if (tombstone.Reason == "redacted")
                yield break;
        }
        yield return await BuildRemoval(connection, resource, id, stored) with { RedactionReason = reason };
    }

    private static async Task<RecordRemoval> BuildRemoval(DbConnection connection, Resource resource, string id, (string Body, string Found)? stored)
    {
        try
        {
            var words = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var body in connection.QueryUnbufferedAsync<string>("SELECT body FROM state WHERE type = @Type AND id = @id AND body IS NOT NULL", new { resource.Type, id }))
                words.UnionWith(ExtractWords(JsonNode.Parse(body)));
            if (stored is not var (currentBody, searchText))
                return new(resource.Type, id, "redacted", []) { SearchWordsToPurge = words };
            // Of a damaged one search knows words that its JSON no longer has.
            words.UnionWith(ExtractWords(JsonValue.Create(searchText)));
            return resource.ToRemoval(resource.Deserialize(Encoding.UTF8.GetBytes(currentBody)), "redacted") with { SearchWordsToPurge = words };
        }
        catch (JsonException)
        {
            throw new CorruptRecordException(id);
        }
    }

    /// <summary>The words of every text in a state of the record, of whatever time and shape.</summary>
    private static IEnumerable<string> ExtractWords(JsonNode? json) => json switch
    {
        JsonObject members => members.SelectMany(member => ExtractWords(member.Value)),
        JsonArray elements => elements.SelectMany(ExtractWords),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => TextFolding.Fold(value.GetValue<string>()).Split(' ').Where(word => word.Length > 1),
        _ => [],
    };
}

/// <summary>The rules of a redaction.</summary>
internal sealed class RedactionValidator : AbstractValidator<Redaction>
{
    public RedactionValidator() => RuleFor(redaction => redaction.Reason).Text(500, minLength: 3);
}
