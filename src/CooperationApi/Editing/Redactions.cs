using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;
using FluentValidation;

namespace CooperationApi.Editing;

/// <summary>
/// What must not be in the record is taken out of it whole: the record, all that it ever said, the words that search knows it by, and their traces in the file. `POST
/// /v1/{type}/{id}/redact`, for Admins.
/// </summary>
internal sealed class Redactions(Database database, Callers callers, Erasure erasure)
{
    // Within the time that a request has.
    private static readonly TimeSpan ErasurePatience = TimeSpan.FromSeconds(5);

    private readonly RedactionRules rules = new();

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var redactions = v1.ServiceProvider.GetRequiredService<Redactions>();
        foreach (var resource in v1.ServiceProvider.GetRequiredService<Catalog>().All)
            v1.MapWrite(HttpMethod.Post, $"{resource.Type}/{{id}}/redact", context => redactions.Redact(context, resource), () => Describe(resource));
    }

    private static Operation Describe(Resource resource) => new($"redact{Operation.Pascal(resource.Singular)}", resource.Type, $"Takes one {resource.Singular} out of the record, with all that it ever said.",
        "For what must not be kept. The record goes, the content of its whole history, the words that only it had in search, and their traces in the store's file; a record that was deleted or merged "
        + "before can be redacted as well. What stays is that there was a record of this id, when it changed and by whom, and when and why it was redacted: its address says so (410), and nobody can make "
        + "it again. A record that others name is not redacted: 409 lists them. Backups and copies are not reached. Sent again it changes nothing and answers the same, with the first reason.")
    {
        Method = HttpMethod.Post,
        Body = (typeof(Redaction), new JsonObject { ["reason"] = "Dữ liệu cá nhân được ghi nhầm" }),
        Answer = typeof(Redacted),
        Example = ("Redacted", () => new JsonObject
        {
            ["type"] = "officials",
            ["id"] = "nguyen-van-a",
            ["revision"] = 504,
            ["at"] = "2026-11-22T08:00:00.000Z",
            ["actor"] = "Ban biên tập (a8r2m5qz)",
            ["reason"] = "Dữ liệu cá nhân được ghi nhầm",
            ["erased"] = true,
        }),
        PathId = resource.Example,
        Refusals = [409],
        Needs = Role.Admin,
    };

    private async Task Redact(HttpContext context, Resource resource)
    {
        var by = callers.Require(context, Role.Admin);
        Answers.DemandJson(context.Request);
        StrictQuery.DemandNone(context.Request);
        var (type, id) = (resource.Type, ResourceEndpoints.Id(context));
        if (!Slug.IsSlug(id))
            throw new ProblemException(404, "record_not_found", type, id);
        var redaction = await Body.Read<Redaction>(context);
        rules.Check(redaction);
        try
        {
            await database.Write(by.Name, connection => Work(connection, resource, id, redaction.Reason), context.RequestAborted);
        }
        catch (StillReferencedException still)
        {
            throw still.Problem(type, id);
        }
        var done = (await database.Read(connection => Gone.Of(connection, type, id), CancellationToken.None))!;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new Redacted
        {
            Type = type,
            Id = id,
            Revision = done.Revision,
            At = done.At,
            Actor = done.Actor,
            Reason = done.Note!,
            Erased = await erasure.Ask(ErasurePatience),
        }, Wire.Json, context.RequestAborted);
    }

    private static async IAsyncEnumerable<Receipt> Work(DbConnection connection, Resource resource, string id, string reason)
    {
        // Not checked, and read as text, whatever its bytes: what is damaged may have to go all the more.
        var (type, standing) = (resource.Type, await connection.QuerySingleOrDefaultAsync<(string Body, string Found)?>(
            "SELECT record.body, search_row.names || ' ' || search_row.texts FROM record JOIN search_row ON search_row.number = record.number WHERE record.type = @Type AND record.id = @id",
            new { resource.Type, id }));
        if (standing is null)
        {
            var gone = await Gone.Of(connection, type, id) ?? throw Gone.Absence(null, type, id);
            if (gone.Reason == "redacted")
                yield break;
        }
        yield return await Removal(connection, resource, id, standing) with { Note = reason };
    }

    private static async Task<Removed> Removal(DbConnection connection, Resource resource, string id, (string Body, string Found)? standing)
    {
        try
        {
            var words = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var body in connection.QueryUnbufferedAsync<string>("SELECT body FROM state WHERE type = @Type AND id = @id AND body IS NOT NULL", new { resource.Type, id }))
                words.UnionWith(WordsOf(JsonNode.Parse(body)));
            if (standing is not var (current, found))
                return new(resource.Type, id, "redacted", []) { Words = words };
            // Of a damaged one search knows words that its JSON no longer has.
            words.UnionWith(WordsOf(JsonValue.Create(found)));
            return resource.Remove(resource.Read(Encoding.UTF8.GetBytes(current)), "redacted") with { Words = words };
        }
        catch (JsonException)
        {
            throw new DamagedRecordException(id);
        }
    }

    /// <summary>The words of every text in a state of the record, of whatever time and shape.</summary>
    private static IEnumerable<string> WordsOf(JsonNode? json) => json switch
    {
        JsonObject members => members.SelectMany(member => WordsOf(member.Value)),
        JsonArray elements => elements.SelectMany(WordsOf),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Folding.Fold(value.GetValue<string>()).Split(' ').Where(word => word.Length > 1),
        _ => [],
    };
}

/// <summary>The rules of a redaction.</summary>
internal sealed class RedactionRules : AbstractValidator<Redaction>
{
    public RedactionRules() => RuleFor(redaction => redaction.Reason).Text(500, shortest: 3);
}
