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

namespace CooperationApi.Features.Records;

/// <summary>The `PUT`, `PATCH` and `DELETE` routes of all resources.</summary>
internal sealed class RecordWriteEndpoints(Database database, SeedData seedData)
{
    /// <summary>Describes the route of a resource.</summary>
    public OperationDescription DescribePut(Resource resource) => DescribeEdit("replace", "Create or replace", resource,
        "The body is the whole record, in the form that GET returns; `id` and `revision` are optional. A repeated request changes nothing "
        + "and returns the same response.") with
    {
        Body = (resource.RecordType, () => seedData.GetRequestExample(resource)),
        MayCreate = true,
    };

    /// <summary>Describes the route of a resource.</summary>
    public OperationDescription DescribePatch(Resource resource) => DescribeEdit("update", "Update", resource,
        "The body is a JSON Merge Patch (RFC 7396): each member of the body replaces the member of the record. Objects are merged member "
        + "by member, lists are replaced as a whole, and null removes a member.") with
    {
        Body = (resource.RecordType, () => GetPatchExample(resource)),
        BodyMediaType = JsonMergePatch.ContentType,
        IfMatch = "IfMatchRequired",
        IsPatch = true,
    };

    /// <summary>Describes the route of a resource.</summary>
    public static OperationDescription DescribeDelete(Resource resource) =>
        new($"delete{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type,
            $"Delete {EnglishNoun.WithArticle(resource.Singular)}.",
            "Deletes the record and keeps its history. Afterwards the URL returns 410 with the time and the reason. A record that other "
            + "records refer to cannot be deleted; the 409 response lists the references.")
        {
            ResponseType = null,
            Example = ("NoContent", () => null),
            SuccessStatus = 204,
            IgnoresAccept = true,
            GetParameters = () => WriteParameters.All,
            PathParameters = [PathParameter.RecordId(resource.RemovalExample)],
            OtherStatuses = [.. resource.IsReferenced ? [409] : Array.Empty<int>(), 410, 428],
            IfMatch = "IfMatchRequired",
        };

    private OperationDescription DescribeEdit(string idPrefix, string action, Resource resource, string description) =>
        new($"{idPrefix}{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type,
            $"{action} {EnglishNoun.WithArticle(resource.Singular)}.", description)
        {
            ResponseType = resource.RecordType,
            Example = (resource.RecordType.Name, () => seedData.GetExample(resource)),
            GetParameters = () => WriteParameters.All,
            PathParameters = [PathParameter.RecordId(resource.Example)],
            OtherStatuses = [410, 428],
            IfMatch = "IfMatch",
            ReturnsSavedRecord = true,
        };

    /// <summary>Returns a patch with the unchanged title, name or text of the example, so that a request with it changes nothing.</summary>
    private JsonObject GetPatchExample(Resource resource) =>
        new(seedData.GetExample(resource)?.Where(member => member.Key is "title" or "name" or "text")
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())) ?? []);

    /// <summary>Creates or replaces a record.</summary>
    public async Task<IResult> Put(HttpContext context, Resource resource)
    {
        var request = ReadWriteRequest(context, resource);
        using var json = await RequestBody.ReadJson(context);
        var (upsert, claimedRevision) = ParseRecord(resource, request.Id, json.RootElement.Clone());
        var result = await Write(request, async (writer, stored) =>
        {
            if (stored is null && await Tombstone.Find(writer.Connection, resource.Type, request.Id) is { IsPermanent: true } tombstone)
                throw tombstone.ToProblem(resource.Type, request.Id);
            Apply(writer, request, stored, upsert, claimedRevision);
        }, context.RequestAborted);
        return new RecordResult(resource.Type, request.Id, request.IsDryRun, result);
    }

    /// <summary>Applies a JSON Merge Patch to a record.</summary>
    public async Task<IResult> Patch(HttpContext context, Resource resource)
    {
        var request = ReadWriteRequest(context, resource);
        using var json = await RequestBody.ReadJson(context, JsonMergePatch.ContentType);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw ProblemException.InvalidRequest([new("object_required") { Pointer = "" }]);
        if (StrictJson.FindUnknownMembers(json.RootElement, resource.RecordType).ToList() is [_, ..] unknownMembers)
            throw ProblemException.InvalidRequest(unknownMembers);
        var patch = JsonSerializer.SerializeToNode(json.RootElement)!;
        var result = await Write(request, async (writer, stored) =>
        {
            if (stored is null)
                throw await Tombstone.CreateProblem(writer.Connection, resource.Type, request.Id);
            var patched = JsonMergePatch.Apply(JsonNode.Parse(stored.Body), patch);
            // The stored revision is not a claim of the client.
            if (patch["revision"] is null)
                patched!.AsObject().Remove("revision");
            var (upsert, claimedRevision) = ParseRecord(resource, request.Id, JsonSerializer.SerializeToElement(patched));
            Apply(writer, request, stored, upsert, claimedRevision);
        }, context.RequestAborted);
        return new RecordResult(resource.Type, request.Id, request.IsDryRun, result);
    }

    /// <summary>Deletes a record.</summary>
    public async Task<IResult> Delete(HttpContext context, Resource resource)
    {
        var request = ReadWriteRequest(context, resource);
        await Write(request, async (writer, stored) =>
        {
            if (stored is null)
                throw await Tombstone.CreateProblem(writer.Connection, resource.Type, request.Id);
            Apply(writer, request, stored, resource.ToRemoval(resource.Deserialize(stored.Body)), claimedRevision: 0);
        }, context.RequestAborted);
        return TypedResults.NoContent();
    }

    /// <summary>The caller, the record and the preconditions of a write.</summary>
    private sealed record WriteRequest(Caller Caller, Resource Resource, string Id, WritePreconditions Preconditions, bool IsDryRun);

    private static WriteRequest ReadWriteRequest(HttpContext context, Resource resource)
    {
        var caller = Caller.Find(context)!;
        var isDryRun = WriteParameters.ReadIsDryRun(context.Request);
        var id = context.GetRecordId(resource.Type);
        return new(caller, resource, id, WritePreconditions.ReadRequired(context.Request), isDryRun);
    }

    /// <summary>Returns the requested change and the revision that the body claims; 0 if it claims none.</summary>
    private static (RecordUpsert Upsert, long ClaimedRevision) ParseRecord(Resource resource, string id, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && !json.TryGetProperty("id", out _))
        {
            var withId = JsonObject.Create(json)!;
            withId["id"] = id;
            json = JsonSerializer.SerializeToElement(withId);
        }
        Record record;
        try
        {
            record = resource.ParseStrict(json);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            throw ProblemException.InvalidRequest(StrictJson.FindErrors(json, resource.RecordType));
        }
        var errors = resource.Validate(record).Select(failure => ValidationRules.ToRequestError(failure)).ToList();
        if (record.Id != id)
            errors.Add(new("id_mismatch", record.Id, id) { Pointer = "/id" });
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
        return (resource.ToUpsert(record), record.Revision);
    }

    /// <summary>Runs an edit in a write transaction, with the stored record or null.</summary>
    private async Task<WriteResult> Write(WriteRequest request, Func<RecordWriter, StoredRecord?, Task> edit, CancellationToken cancel)
    {
        var (type, id) = (request.Resource.Type, request.Id);
        try
        {
            return await database.Write(request.Caller.Name,
                async writer => await edit(writer, await Database.FindRecord(writer.Connection, type, id)),
                cancel, commit: !request.IsDryRun);
        }
        catch (ConstraintViolationException violations)
        {
            throw violations.ToProblem();
        }
        catch (StillReferencedException exception)
        {
            throw exception.ToProblem(type, id);
        }
    }

    /// <summary>Applies a change if the caller may write the record and the preconditions are met.</summary>
    private static void Apply(RecordWriter writer, WriteRequest request, StoredRecord? stored, RecordChange change, long claimedRevision)
    {
        if (change is RecordUpsert parsedRecord)
            change = writer.LocateQuotes(parsedRecord);
        request.Caller.EnsureCanWriteRecord(request.Resource, stored, change);
        // An equal record was saved before, for example by a request whose response was lost: the retry succeeds even if its precondition
        // no longer holds.
        if (stored is null || change is not RecordUpsert upsert || !upsert.Body.Matches(stored))
        {
            request.Preconditions.EnsureMet(request.Resource.Type, request.Id, stored, writer.StartVersion.Epoch);
            // Checked after the preconditions: after a concurrent write the client gets 412 with the current ETag, whichever revision its
            // body has.
            if (claimedRevision != 0 && claimedRevision != stored?.Revision)
                throw ProblemException.InvalidRequest(
                    [new("revision_mismatch", claimedRevision, stored?.Revision ?? 0) { Pointer = "/revision" }]);
        }
        writer.Apply(change, stored);
    }
}
