using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
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
/// `POST /v1/{type}/{id}/redact`, for Admins: permanently deletes a record with the content of its history, its search words and its
/// remaining bytes in the store file.
/// </summary>
internal sealed class RedactionEndpoints(Database database, RedactionPurge purge)
{
    // Shorter than the request timeout (30 s by default).
    private static readonly TimeSpan PurgeTimeout = TimeSpan.FromSeconds(5);

    private readonly RedactionValidator validator = new();

    /// <summary>Describes the route of a resource.</summary>
    public static OperationDescription Describe(Resource resource) =>
        new($"redact{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type,
            $"Redact {EnglishNoun.WithArticle(resource.Singular)}.",
            "Permanently deletes the record and the content of its whole history. The search index forgets the words that no other record "
            + "has, and the service rewrites the store file so that no bytes of the record remain. A deleted or merged record can be "
            + "redacted too. The id, the times and actors of all changes, and the time and reason of the redaction remain: the URL "
            + "returns 410 with the time and the reason, and the id cannot be reused. A record that other records refer to cannot be "
            + "redacted; the 409 response lists the references. Existing backups still contain the record. Copies remove the record when "
            + "they read the change feed. A repeated request changes nothing and returns the same response, with the reason of the first "
            + "request.")
        {
            Body = (typeof(Redaction), () => new JsonObject { ["reason"] = "Dữ liệu cá nhân được ghi nhầm" }),
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
            GetParameters = () => WriteParameters.All,
            PathParameters = [PathParameter.RecordId(resource.RemovalExample)],
            OtherStatuses = resource.IsReferenced ? [409] : [],
        };

    /// <summary>Redacts a record.</summary>
    public async Task<IResult> Redact(HttpContext context, Resource resource)
    {
        var caller = Caller.Find(context)!;
        var isDryRun = WriteParameters.ReadIsDryRun(context.Request);
        var (type, id) = (resource.Type, context.GetRecordId(resource.Type));
        var redaction = await RequestBody.ReadAs<Redaction>(context);
        validator.EnsureValid(redaction);
        Tombstone tombstone = null!;
        try
        {
            await database.Write(caller.Name, async writer => tombstone = await Redact(writer, resource, id, redaction.Reason),
                context.RequestAborted, commit: !isDryRun);
        }
        catch (StillReferencedException exception)
        {
            throw exception.ToProblem(type, id);
        }
        return TypedResults.Json(new RedactionReport
        {
            Type = type,
            Id = id,
            Revision = tombstone.Revision,
            At = tombstone.DeletedAt,
            Actor = tombstone.Actor,
            Reason = tombstone.RedactionReason!,
            Purged = !isDryRun && await purge.RequestPurge(PurgeTimeout),
        }, ApiJson.Options);
    }

    private static async Task<Tombstone> Redact(RecordWriter writer, Resource resource, string id, string reason)
    {
        var connection = writer.Connection;
        // Replaces invalid UTF-8 and does not verify its hash, so that a damaged record can be redacted too.
        var (type, stored) = (resource.Type, await connection.QuerySingleOrDefaultAsync<(byte[] Body, string SearchText)?>(
            "SELECT CAST(record.body AS BLOB), search_document.names || ' ' || search_document.texts FROM record JOIN search_document ON "
            + "search_document.row_id = record.row_id WHERE record.type = @Type AND record.id = @id",
            new { resource.Type, id }));
        if (stored is null)
        {
            var tombstone = await Tombstone.Find(connection, type, id) ?? throw await Tombstone.CreateProblem(connection, type, id);
            if (tombstone.Reason == "redacted")
                return tombstone;
        }
        writer.Apply(await BuildRemoval(connection, resource, id, stored) with { RedactionReason = reason });
        return (await Tombstone.Find(connection, type, id))!;
    }

    private static async Task<RecordRemoval> BuildRemoval(DbConnection connection, Resource resource, string id,
        (byte[] Body, string SearchText)? stored)
    {
        try
        {
            var words = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var body in connection.StreamAsync<byte[]>(
                "SELECT CAST(body AS BLOB) FROM record_version WHERE type = @Type AND id = @id AND body IS NOT NULL",
                new { resource.Type, id }))
                words.UnionWith(ExtractWords(JsonNode.Parse(Encoding.UTF8.GetString(body))));
            if (stored is not var (currentBody, searchText))
                return new(resource.Type, id, "redacted", []) { SearchWordsToPurge = words };
            // The search index of a damaged record can have words that its JSON no longer has.
            words.UnionWith(ExtractWords(JsonValue.Create(searchText)));
            return resource.ToRemoval(resource.Deserialize(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(currentBody))), "redacted") with
            {
                SearchWordsToPurge = words,
            };
        }
        catch (JsonException)
        {
            throw new CorruptRecordException(id);
        }
    }

    /// <summary>Returns the folded words of all strings in a current or archived body, whatever its schema.</summary>
    private static IEnumerable<string> ExtractWords(JsonNode? json) => json switch
    {
        JsonObject members => members.SelectMany(member => ExtractWords(member.Value)),
        JsonArray elements => elements.SelectMany(ExtractWords),
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            TextFolding.Fold(value.GetValue<string>()).Split(' ').Where(word => word.Length > 1),
        _ => [],
    };
}

/// <summary>The validation rules of a redaction.</summary>
internal sealed class RedactionValidator : AbstractValidator<Redaction>
{
    public RedactionValidator() => RuleFor(redaction => redaction.Reason).Text(500, minLength: 3);
}
