using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Storage;

namespace CooperationApi.Resources;

/// <summary>The routes that every resource has: its list, its items, and its lists under other records.</summary>
internal sealed class ResourceEndpoints(Database database, ResourceStore store, Answers answers, FoundingContent content, TimeProvider time)
{
    /// <summary>The time zone by which "today" is told.</summary>
    private static readonly TimeSpan VietnamOffset = TimeSpan.FromHours(7);

    /// <summary>Maps the routes of all resources.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var endpoints = v1.ServiceProvider.GetRequiredService<ResourceEndpoints>();
        var catalog = v1.ServiceProvider.GetRequiredService<Catalog>();
        foreach (var resource in catalog.All)
        {
            v1.MapRead(resource.Type, context => endpoints.List(context, resource, null, null), () => endpoints.ListOperation(resource));
            v1.MapRead($"{resource.Type}/{{id}}", context => endpoints.Item(context, resource, Id(context)), () => endpoints.ItemOperation(resource));
            foreach (var sub in resource.SubLists)
            {
                v1.MapRead($"{sub.ParentType}/{{id}}/{resource.Type}", context => endpoints.List(context, resource, sub, Id(context)),
                    () => endpoints.SubListOperation(resource, sub, catalog[sub.ParentType]));
            }
        }
    }

    /// <summary>The `{id}` of the path.</summary>
    public static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private Operation ListOperation(Resource resource) => new($"list{Operation.Pascal(resource.Type)}", resource.Type,
        $"Lists {Words(resource.Type)}.", $"{resource.Description} Whole records, a page at a time; without filters, all of them.")
    {
        Answer = typeof(Page<>).MakeGenericType(resource.RecordType),
        Example = ($"{resource.RecordType.Name}Page", () => content.Example(resource) is { } record
            ? new JsonObject { ["items"] = new JsonArray(record), ["revision"] = 1, ["total"] = 1 }
            : null),
        Parameters = ListQuery.ParametersOf(resource, sub: null),
        IsPage = true,
        IsFile = true,
    };

    private Operation ItemOperation(Resource resource) => new($"read{Operation.Pascal(resource.Singular)}", resource.Type,
        $"Reads one {resource.Singular}.", $"{resource.Description} The whole record, as the list has it.")
    {
        Answer = resource.RecordType,
        Example = (resource.RecordType.Name, () => content.Example(resource)),
        Parameters = resource.ItemParameters,
        PathId = resource.Example,
        IsItem = true,
        Refusals = [308, 410],
    };

    private Operation SubListOperation(Resource resource, SubList sub, Resource parent) => ListOperation(resource) with
    {
        Id = $"list{Operation.Pascal(parent.Singular)}{Operation.Pascal(resource.Type)}",
        Summary = $"Lists the {Words(resource.Type)} of {(parent.Singular[0] is 'a' or 'o' ? "an" : "a")} {parent.Singular}.",
        Description = $"The same as `/v1/{resource.Type}?{sub.Filter}=…`, and takes the same parameters"
            + (sub.ParentType == Units.Type ? "; with `unit=current` it answers for today's unit and all that it was made of." : "."),
        Parameters = ListQuery.ParametersOf(resource, sub),
        PathId = resource.Filters.Single(filter => filter.Name == sub.Filter).Example,
    };

    private static string Words(string type) => type.Replace('-', ' ');

    private Task Item(HttpContext context, Resource resource, string id)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, async () =>
        {
            var faults = new List<Fault>();
            var values = StrictQuery.Read(context.Request, [.. resource.ItemParameters.Select(parameter => parameter.Name)], faults);
            var at = AtParameter.Read(values, Today, faults);
            var number = RevisionParameter.Read(values, mark.Revision, faults);
            var fields = FieldsParameter.Read(resource, values, faults);
            var expansion = Expansion.Read(resource, values, faults);
            if (faults.Count > 0)
                throw ProblemException.Invalid(faults);
            if (!Slug.IsSlug(id))
                throw new ProblemException(404, "record_not_found", resource.Type, id);
            var record = number is { } then
                ? await store.FindThen(resource, id, then, context.RequestAborted)
                : await store.Find(resource, id, expansion, context.RequestAborted);
            if (record is null)
            {
                var successor = await store.Successor(resource.Type, id, number, context.RequestAborted);
                return new Answer(mark.Text, IsWeak: true, []) { MovedTo = $"/v1/{resource.Type}/{successor}{context.Request.QueryString}" };
            }
            var body = BodyOf(resource, record.Body, at, WithExpanded(fields, expansion)) ?? throw new ProblemException(404, "not_in_force", id, values["at"]);
            // What is sent along changes without the record.
            return new Answer(expansion is null ? $"{mark.Epoch}-{record.Revision}" : mark.Text, IsWeak: expansion is not null, body)
            {
                LastModified = DateTimeOffset.Parse(record.ChangedAt, CultureInfo.InvariantCulture),
            };
        });
    }

    private Task List(HttpContext context, Resource resource, SubList? sub, string? parentId)
    {
        var mark = database.Mark;
        return answers.Serve(context, mark.Text, () => ReadList(context, resource, sub, parentId, mark), Format.MediaTypes);
    }

    private async Task<Answer> ReadList(HttpContext context, Resource resource, SubList? sub, string? parentId, Mark mark)
    {
        var parent = sub is null ? null : await Parent(resource, sub, parentId!, context.RequestAborted);
        var query = ListQuery.Read(context.Request, resource, parent, sub, Today);
        if (query.Format != Format.Json)
            return Download.Of(context, mark.Text, query.Format, Whole(resource, query, parentId));
        if (Answers.Known(context.Request, mark.Text) is { } unchanged)
            return unchanged;
        await store.CheckNamed(query.Conditions, context.RequestAborted);
        var page = await store.List(resource, query, context.RequestAborted);
        var next = page.HasMore ? Cursor.Write(query.Binding, page.Records[^1].SortValue, page.Records[^1].Id) : null;
        List<byte[]> items = [.. page.Records.Select(record => Listed(resource, query, record.Id, record.Body))];
        return new Answer(page.Mark.Text, IsWeak: true, Bodies.Page(items, next, page.Mark.Revision, page.Total, page.Units))
        {
            NextPage = next is null ? null : StrictQuery.WithCursor(context.Request, next),
        };
    }

    /// <summary>The whole list that a query asks for, each row as a page would have it.</summary>
    private Listing Whole(Resource resource, ListQuery query, string? parentId) => new(
        parentId is null ? resource.Type : $"{resource.Type}-{parentId}",
        Column.Of(resource.RecordType, query.Fields),
        async (use, cancel) =>
        {
            await store.CheckNamed(query.Conditions, cancel);
            await store.ReadAll(resource, query, (id, body) => new(id, Listed(resource, query, id, body)), use, cancel);
        });

    /// <summary>Today, where the provinces are.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(VietnamOffset).DateTime);

    /// <summary>Whoever asks for members and for what is to be sent along gets both.</summary>
    private static IReadOnlyList<string>? WithExpanded(IReadOnlyList<string>? fields, Expansion? expansion) =>
        fields is null || expansion is null ? fields : [.. fields, .. expansion.Members];

    private static byte[] Listed(Resource resource, ListQuery query, string id, byte[] body) => BodyOf(resource, body, query.At, WithExpanded(query.Fields, query.Expansion))
        ?? throw new InvalidOperationException($"{resource.Type}/{id} is listed on {query.At}, but was not there.");

    private static byte[]? BodyOf(Resource resource, byte[] kept, DateOnly? at, IReadOnlyList<string>? fields)
    {
        var body = at is { } day ? resource.BodyAt(kept, day) : kept;
        return body is null || fields is null ? body : Bodies.Select(body, fields);
    }

    /// <summary>The condition that a sub-list's parent stands for; a parent that isn't there is a 404.</summary>
    private async Task<Condition> Parent(Resource resource, SubList sub, string id, CancellationToken cancel)
    {
        if (!Slug.IsSlug(id) || (await store.Missing(sub.ParentType, [id], cancel)).Count > 0)
            throw new ProblemException(404, "record_not_found", sub.ParentType, id);
        return resource.Filters.Single(filter => filter.Name == sub.Filter).Read(id, []) ?? throw new InvalidOperationException(sub.Filter);
    }
}
