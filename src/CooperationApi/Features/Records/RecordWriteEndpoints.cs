using System.Data.Common;
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

namespace CooperationApi.Features.Records;

/// <summary>How every record is made, replaced, changed in part and removed: PUT, PATCH and DELETE of its address.</summary>
internal sealed class RecordWriteEndpoints(Database database, CallerAuthenticator callers, SeedData content)
{
    private static readonly IReadOnlyList<QueryParameter> Parameters = [new DryRunParameter()];

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var edits = v1.ServiceProvider.GetRequiredService<RecordWriteEndpoints>();
        foreach (var resource in v1.ServiceProvider.GetRequiredService<ResourceCatalog>().All)
        {
            var address = $"{resource.Type}/{{id}}";
            v1.MapWrite(HttpMethod.Put, address, context => edits.Put(context, resource), () => edits.DescribePut(resource));
            v1.MapWrite(HttpMethod.Patch, address, context => edits.Patch(context, resource), () => edits.DescribePatch(resource));
            v1.MapWrite(HttpMethod.Delete, address, context => edits.Delete(context, resource), () => DescribeDelete(resource));
        }
    }

    private OperationDescription DescribePut(Resource resource) => DescribeEdit(HttpMethod.Put, "replace", "Makes or replaces", resource,
        "The body is the whole record, as reading answers it; `id` and `revision` may be left out. Sent again it changes nothing and answers the same.") with
    {
        Body = (resource.RecordType, GetExample(resource) ?? []),
        MayCreate = true,
    };

    private OperationDescription DescribePatch(Resource resource) => DescribeEdit(HttpMethod.Patch, "update", "Updates parts of", resource,
        "The body is a JSON Merge Patch (RFC 7396): members that it has are replaced, lists as a whole, and those that are null are taken away.") with
    {
        Body = (resource.RecordType, GetPatchExample(resource)),
        BodyMediaType = JsonMergePatch.ContentType,
        IsPatch = true,
    };

    private static OperationDescription DescribeDelete(Resource resource) => new($"delete{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type, $"Removes one {resource.Singular}.",
        "Its history stays, and its address says since when it is gone and why (410). A record that others name is not removed: 409 lists them.")
    {
        Method = HttpMethod.Delete,
        ResponseType = null,
        Example = ("NoContent", () => null),
        SuccessStatus = 204,
        Parameters = Parameters,
        PathIdExample = resource.Example,
        ErrorStatuses = [409, 410, 412, 428],
        RequiredRole = Role.Editor,
        IsConditional = true,
    };

    private OperationDescription DescribeEdit(HttpMethod method, string verb, string summary, Resource resource, string description) =>
        new($"{verb}{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type, $"{summary} one {resource.Singular}.", description)
        {
            Method = method,
            ResponseType = resource.RecordType,
            Example = (resource.RecordType.Name, () => GetExample(resource)),
            Parameters = Parameters,
            PathIdExample = resource.Example,
            HasLastModified = true,
            ErrorStatuses = [409, 410, 412, 428],
            RequiredRole = Role.Editor,
            IsConditional = true,
        };

    private JsonObject? GetExample(Resource resource) => content.GetExample(resource);

    /// <summary>The example's title or name, as it is: what is tried out changes nothing.</summary>
    private JsonObject GetPatchExample(Resource resource) =>
        new(GetExample(resource)?.Where(member => member.Key is "title" or "name" or "text").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())) ?? []);

    private async Task Put(HttpContext context, Resource resource)
    {
        var request = ReadWriteRequest(context, resource);
        using var json = await RequestBody.ReadJson(context);
        var record = ParseRecord(resource, request.Id, json.RootElement.Clone());
        await WriteResponse.Write(context, request.Resource.Type, request.Id, request.IsDryRun, await Execute(request, (stored, tombstone) => tombstone is { IsPermanent: true }
            ? throw tombstone.ToProblem(resource.Type, request.Id)
            : record, context.RequestAborted));
    }

    private async Task Patch(HttpContext context, Resource resource)
    {
        var request = ReadWriteRequest(context, resource);
        using var json = await RequestBody.ReadJson(context, JsonMergePatch.ContentType);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw ProblemException.InvalidRequest([new("wrong_type") { Pointer = "" }]);
        var patch = JsonSerializer.SerializeToNode(json.RootElement)!;
        await WriteResponse.Write(context, request.Resource.Type, request.Id, request.IsDryRun, await Execute(request, (stored, tombstone) =>
        {
            if (stored is null)
                throw Tombstone.NotFoundOrGone(tombstone, resource.Type, request.Id);
            var patched = JsonMergePatch.Apply(JsonNode.Parse(stored.Body), patch);
            // The revision that stands is the record's own, not the patch's.
            if (patch["revision"] is null)
                patched!.AsObject().Remove("revision");
            return ParseRecord(resource, request.Id, JsonSerializer.SerializeToElement(patched));
        }, context.RequestAborted));
    }

    private async Task Delete(HttpContext context, Resource resource)
    {
        var request = ReadWriteRequest(context, resource);
        try
        {
            await Execute(request, (stored, tombstone) => stored is null
                ? throw Tombstone.NotFoundOrGone(tombstone, resource.Type, request.Id)
                : (resource.ToRemoval(resource.Deserialize(stored.Body)), 0), context.RequestAborted);
        }
        catch (StillReferencedException exception)
        {
            throw exception.ToProblem(resource.Type, request.Id);
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Who changes what, upon what state of it, and whether in earnest.</summary>
    private sealed record WriteRequest(Caller Caller, Resource Resource, string Id, WritePreconditions Preconditions, bool IsDryRun);

    private WriteRequest ReadWriteRequest(HttpContext context, Resource resource)
    {
        var caller = callers.RequireRole(context, Role.Editor);
        ResponseCache.EnsureAcceptsJson(context.Request);
        var errors = new List<RequestError>();
        var values = QueryStringParser.Parse(context.Request, [.. Parameters.Select(parameter => parameter.Name)], errors);
        var isDryRun = DryRunParameter.Parse(values, errors);
        var id = context.GetRouteId();
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
        if (!Slug.IsSlug(id))
            throw new ProblemException(404, "record_not_found", resource.Type, id);
        return new(caller, resource, id, WritePreconditions.ReadRequired(context.Request), isDryRun);
    }

    /// <summary>The record that a body has, and the revision that it claims to have.</summary>
    private static (RecordChange Record, long Revision) ParseRecord(Resource resource, string id, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && !json.TryGetProperty("id", out _))
        {
            // Put into the text: to take the members one by one would fail where one of them is no text.
            var members = json.GetRawText().AsSpan().Trim()[1..].TrimStart();
            using var document = JsonDocument.Parse($"{{\"id\":\"{id}\"{(members[0] == '}' ? "" : ",")}{members}", StrictJson.DocumentOptions);
            json = document.RootElement.Clone();
        }
        Record record;
        try
        {
            record = resource.ParseStrict(json);
        }
        catch (Exception exception) when (StrictJson.IsJsonError(exception))
        {
            throw ProblemException.InvalidRequest(StrictJson.FindErrors(json, resource.RecordType, exception));
        }
        var errors = resource.Validate(record).Select(failure => ValidationRules.ToRequestError(failure)).ToList();
        if (record.Id != id)
            errors.Add(new("id_mismatch", record.Id, id) { Pointer = "/id" });
        if (errors.Count > 0)
            throw ProblemException.InvalidRequest(errors);
        return (resource.ToUpsert(record), record.Revision);
    }

    private async Task<WriteResult> Execute(WriteRequest request, Func<StoredRecord?, Tombstone?, (RecordChange Receipt, long Revision)> createChange, CancellationToken cancel)
    {
        try
        {
            return await database.Write(request.Caller.Name, connection => CreateChanges(connection), cancel, commit: !request.IsDryRun);
        }
        catch (ConstraintViolationException violations)
        {
            throw violations.ToProblem(_ => "");
        }

        async IAsyncEnumerable<RecordChange> CreateChanges(DbConnection connection)
        {
            var (type, id) = (request.Resource.Type, request.Id);
            var stored = await Database.FindRecord(connection, type, id);
            var version = await Database.ReadVersion(connection);
            var (change, claimedRevision) = createChange(stored, stored is null ? await Tombstone.Find(connection, type, id) : null);
            request.Caller.EnsureCanWriteRecord(request.Resource, stored, change);
            // What stands as it is to stand has been written before: by a request whose answer was lost, say.
            if (stored is not null && change is RecordUpsert upsert && upsert.Body.Matches(stored))
            {
                yield return change;
                yield break;
            }
            request.Preconditions.EnsureMet(type, id, stored, version.Epoch);
            // Only now: to whom another was first, the state that stands is told by its tag, whichever revision their own body has.
            if (claimedRevision != 0 && claimedRevision != stored?.Revision)
                throw ProblemException.InvalidRequest([new("revision_mismatch", claimedRevision, stored?.Revision ?? 0) { Pointer = "/revision" }]);
            yield return change;
        }
    }
}
