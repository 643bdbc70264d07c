using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.OpenApi;

namespace CooperationApi.Editing;

/// <summary>How every record is made, replaced, changed in part and removed: PUT, PATCH and DELETE of its address.</summary>
internal sealed class RecordEdits(Database database, Callers callers, FoundingContent content)
{
    private static readonly IReadOnlyList<Parameter> Parameters = [new DryRunParameter()];

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var edits = v1.ServiceProvider.GetRequiredService<RecordEdits>();
        foreach (var resource in v1.ServiceProvider.GetRequiredService<Catalog>().All)
        {
            var address = $"{resource.Type}/{{id}}";
            v1.MapWrite(HttpMethod.Put, address, context => edits.Put(context, resource), () => edits.PutOperation(resource));
            v1.MapWrite(HttpMethod.Patch, address, context => edits.Patch(context, resource), () => edits.PatchOperation(resource));
            v1.MapWrite(HttpMethod.Delete, address, context => edits.Delete(context, resource), () => DeleteOperation(resource));
        }
    }

    private Operation PutOperation(Resource resource) => Edit(HttpMethod.Put, "replace", "Makes or replaces", resource,
        "The body is the whole record, as reading answers it; `id` and `revision` may be left out. Sent again it changes nothing and answers the same.") with
    {
        Body = (resource.RecordType, Example(resource) ?? []),
        Makes = true,
    };

    private Operation PatchOperation(Resource resource) => Edit(HttpMethod.Patch, "change", "Changes a part of", resource,
        "The body is a JSON Merge Patch (RFC 7396): members that it has are replaced, lists as a whole, and those that are null are taken away.") with
    {
        Body = (resource.RecordType, PatchExample(resource)),
        BodyType = MergePatch.ContentType,
        IsPatch = true,
    };

    private static Operation DeleteOperation(Resource resource) => new($"delete{Operation.Pascal(resource.Singular)}", resource.Type, $"Removes one {resource.Singular}.",
        "Its history stays, and its address says since when it is gone and why (410). A record that others name is not removed: 409 lists them.")
    {
        Method = HttpMethod.Delete,
        Answer = null,
        Example = ("NoContent", () => null),
        Status = 204,
        Parameters = Parameters,
        PathId = resource.Example,
        Refusals = [409, 410, 412, 428],
        Needs = Role.Editor,
        IsConditional = true,
    };

    private Operation Edit(HttpMethod method, string verb, string summary, Resource resource, string description) =>
        new($"{verb}{Operation.Pascal(resource.Singular)}", resource.Type, $"{summary} one {resource.Singular}.", description)
        {
            Method = method,
            Answer = resource.RecordType,
            Example = (resource.RecordType.Name, () => Example(resource)),
            Parameters = Parameters,
            PathId = resource.Example,
            IsItem = true,
            Refusals = [409, 410, 412, 428],
            Needs = Role.Editor,
            IsConditional = true,
        };

    private JsonObject? Example(Resource resource) => content.Example(resource);

    /// <summary>The example's title or name, as it is: what is tried out changes nothing.</summary>
    private JsonObject PatchExample(Resource resource) =>
        new(Example(resource)?.Where(member => member.Key is "title" or "name" or "text").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())) ?? []);

    private async Task Put(HttpContext context, Resource resource)
    {
        var edit = Begin(context, resource);
        using var json = await Body.ReadJson(context);
        var record = Read(resource, edit.Id, json.RootElement.Clone());
        await WrittenRecord.Answer(context, edit.Resource.Type, edit.Id, edit.IsDryRun, await Write(edit, (standing, gone) => gone is { IsForGood: true }
            ? throw gone.Problem(resource.Type, edit.Id)
            : record, context.RequestAborted));
    }

    private async Task Patch(HttpContext context, Resource resource)
    {
        var edit = Begin(context, resource);
        using var json = await Body.ReadJson(context, MergePatch.ContentType);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw ProblemException.Invalid([new("wrong_type") { Pointer = "" }]);
        var patch = JsonSerializer.SerializeToNode(json.RootElement)!;
        await WrittenRecord.Answer(context, edit.Resource.Type, edit.Id, edit.IsDryRun, await Write(edit, (standing, gone) =>
        {
            if (standing is null)
                throw Gone.Absence(gone, resource.Type, edit.Id);
            var patched = MergePatch.Apply(JsonNode.Parse(standing.Body), patch);
            // The revision that stands is the record's own, not the patch's.
            if (patch["revision"] is null)
                patched!.AsObject().Remove("revision");
            return Read(resource, edit.Id, JsonSerializer.SerializeToElement(patched));
        }, context.RequestAborted));
    }

    private async Task Delete(HttpContext context, Resource resource)
    {
        var edit = Begin(context, resource);
        try
        {
            await Write(edit, (standing, gone) => standing is null
                ? throw Gone.Absence(gone, resource.Type, edit.Id)
                : (resource.Remove(resource.Read(standing.Body)), 0), context.RequestAborted);
        }
        catch (StillReferencedException still)
        {
            throw still.Problem(resource.Type, edit.Id);
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Who changes what, upon what state of it, and whether in earnest.</summary>
    private sealed record EditOf(Caller By, Resource Resource, string Id, Preconditions Preconditions, bool IsDryRun);

    private EditOf Begin(HttpContext context, Resource resource)
    {
        var by = callers.Require(context, Role.Editor);
        Answers.DemandJson(context.Request);
        var faults = new List<Fault>();
        var values = StrictQuery.Read(context.Request, [.. Parameters.Select(parameter => parameter.Name)], faults);
        var isDryRun = DryRunParameter.Read(values, faults);
        var id = ResourceEndpoints.Id(context);
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        if (!Slug.IsSlug(id))
            throw new ProblemException(404, "record_not_found", resource.Type, id);
        return new(by, resource, id, Preconditions.Read(context.Request), isDryRun);
    }

    /// <summary>The record that a body has, and the revision that it claims to have.</summary>
    private static (Receipt Record, long Revision) Read(Resource resource, string id, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && !json.TryGetProperty("id", out _))
        {
            // Put into the text: to take the members one by one would fail where one of them is no text.
            var members = json.GetRawText().AsSpan().Trim()[1..].TrimStart();
            using var named = JsonDocument.Parse($"{{\"id\":\"{id}\"{(members[0] == '}' ? "" : ",")}{members}", Shape.Strict);
            json = named.RootElement.Clone();
        }
        Record record;
        try
        {
            record = resource.Parse(json);
        }
        catch (Exception exception) when (Shape.IsUnreadable(exception))
        {
            throw ProblemException.Invalid(Shape.FaultsOf(json, resource.RecordType, exception));
        }
        var faults = resource.Validate(record).Select(failure => Rules.FaultOf(failure)).ToList();
        if (record.Id != id)
            faults.Add(new("id_differs", record.Id, id) { Pointer = "/id" });
        if (faults.Count > 0)
            throw ProblemException.Invalid(faults);
        return (resource.Change(record), record.Revision);
    }

    private async Task<Written> Write(EditOf edit, Func<Standing?, Gone?, (Receipt Receipt, long Revision)> receipt, CancellationToken cancel)
    {
        try
        {
            return await database.Write(edit.By.Name, connection => Work(connection), cancel, keep: !edit.IsDryRun);
        }
        catch (MisfitException misfits)
        {
            throw misfits.AsProblem(_ => "");
        }

        async IAsyncEnumerable<Receipt> Work(DbConnection connection)
        {
            var (type, id) = (edit.Resource.Type, edit.Id);
            var standing = await Database.StandingOf(connection, type, id);
            var mark = await Database.MarkOf(connection);
            var (becomes, revision) = receipt(standing, standing is null ? await Gone.Of(connection, type, id) : null);
            edit.By.Demand(edit.Resource, standing, becomes);
            // What stands as it is to stand has been written before: by a request whose answer was lost, say.
            if (standing is not null && becomes is Changed changed && changed.Body.Is(standing))
            {
                yield return becomes;
                yield break;
            }
            edit.Preconditions.Demand(type, id, standing, mark.Epoch);
            // Only now: to whom another was first, the state that stands is told by its tag, whichever revision their own body has.
            if (revision != 0 && revision != standing?.Revision)
                throw ProblemException.Invalid([new("revision_differs", revision, standing?.Revision ?? 0) { Pointer = "/revision" }]);
            yield return becomes;
        }
    }
}

/// <summary>Whether all is only to be tried.</summary>
internal sealed record DryRunParameter() : Parameter("dryRun",
    "Whether only to try: everything is checked, the answer is what it would be, with the revision that the record would have, and nothing is kept.", "true")
{
    private static readonly string[] Words = ["true", "false"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    public override JsonNode ExampleNode => JsonValue.Create(true);

    public static bool Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (values.TryGetValue("dryRun", out var text) && !Words.Contains(text))
            faults.Add(Fault.NotAmong("not_allowed", text, Words) with { Parameter = "dryRun" });
        return text == "true";
    }
}
