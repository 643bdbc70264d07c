using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Features.Records;

/// <summary>The `GET` routes of all resources: lists, records and nested lists.</summary>
internal sealed class RecordReadEndpoints(Database database, RecordQueries queries, SeedData seedData, TimeProvider time)
{
    /// <summary>Describes the route of a list.</summary>
    public OperationDescription DescribeList(Resource resource) =>
        new($"list{OperationDescription.ToPascalCase(resource.Type)}", resource.Type,
            $"List {Humanize(resource.Type)}.",
            $"{resource.Description} Returns whole records, page by page. Without a filter, the list has all records of the type.")
        {
            ResponseType = typeof(Page<>).MakeGenericType(resource.RecordType),
            Example = ($"{resource.RecordType.Name}Page", () => seedData.GetExample(resource) is { } record
                ? new JsonObject { ["items"] = new JsonArray(record), ["revision"] = 1, ["total"] = 1 }
                : null),
            GetParameters = () => RecordParameters.Get(resource).List,
            IsPage = true,
            SupportsFileFormats = true,
        };

    /// <summary>Describes the route of a record.</summary>
    public OperationDescription DescribeGet(Resource resource) =>
        new($"get{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type,
            $"Get {EnglishNoun.WithArticle(resource.Singular)}.", "Returns one whole record, in the same form as in the list.")
        {
            ResponseType = resource.RecordType,
            Example = (resource.RecordType.Name, () => seedData.GetExample(resource)),
            GetParameters = () => RecordParameters.Get(resource).Item,
            PathParameters = [PathParameter.RecordId(resource.Example)],
            OtherStatuses = [308, 410],
        };

    /// <summary>Describes the route of a nested list.</summary>
    public OperationDescription DescribeNestedList(Resource resource, NestedList nestedList) => DescribeList(resource) with
    {
        Id = "list" + OperationDescription.ToPascalCase(resource.Catalog[nestedList.ParentType].Singular)
            + OperationDescription.ToPascalCase(resource.Type),
        Summary = $"List {Humanize(resource.Type)} of {EnglishNoun.WithArticle(resource.Catalog[nestedList.ParentType].Singular)}.",
        Description = $"Equivalent to `/v1/{resource.Type}?{nestedList.FilterName}=…`, with the same parameters"
            + (nestedList.ParentType == ResourceTypes.Provinces
                ? "; `unit=current` includes the current unit and all units that were merged into it."
                : "."),
        GetParameters = () => RecordParameters.Get(resource).GetNestedList(nestedList),
        PathParameters = [PathParameter.RecordId(resource.Filters.Single(filter => filter.Name == nestedList.FilterName).Example)],
        OtherStatuses = [308, 410],
    };

    private static string Humanize(string type) => type.Replace('-', ' ');

    /// <summary>Returns a record, or a redirect if it was merged into another record.</summary>
    public async Task<ReadResponse> Get(HttpContext context, Resource resource)
    {
        var version = database.Version;
        var parameters = RecordParameters.Get(resource);
        var values = QueryValues.Parse(context.Request, parameters.Item);
        var asOf = RecordParameters.AsOf.Read(values, time.GetToday());
        var revision = RecordParameters.Revision.Read(values, version.Revision);
        var fields = parameters.Fields.Read(values);
        var expansion = Expansion.Read(values, resource);
        values.ThrowIfInvalid();
        var id = context.GetRecordId(resource.Type);
        var record = revision is { } pastRevision
            ? await queries.FindAtRevision(resource, id, pastRevision, context.RequestAborted)
            : await queries.Find(resource, id, expansion, context.RequestAborted);
        if (record is null)
        {
            var mergeTarget = await queries.ResolveMergeTarget(resource.Type, id, revision, context.RequestAborted);
            return new ReadResponse(version.Token, IsWeak: true, [])
            { RedirectTo = $"/v1/{resource.Type}/{mergeTarget}{context.Request.QueryString}" };
        }
        var body = ProjectBody(resource, record.Body, asOf, WithExpandedMembers(fields, expansion))
            ?? throw new ProblemException(404, "not_in_force", id, asOf!);
        // Expanded records change independently of the record, so the ETag is then that of the store.
        return expansion is null
            ? new($"{version.Epoch}-{record.Revision}", IsWeak: false, body)
            : new(version.Token, IsWeak: true, body);
    }

    /// <summary>Returns a page of a list, which can be nested under another record, or the whole list as a file.</summary>
    public async Task<ReadResponse> List(HttpContext context, Resource resource, NestedList? nestedList = null)
    {
        var (version, parentId) = (database.Version, nestedList is null ? null : context.GetPathParameter(PathParameter.RecordIdName));
        return await database.Read(async connection =>
        {
            if (nestedList is not null
                && await MergeRedirect.Find(connection, context.Request, nestedList.ParentType, parentId!) is { } redirect)
                return redirect;
            var parentFilter = nestedList is null ? null : GetParentFilter(resource, nestedList, parentId!);
            var query = ListQuery.Parse(context.Request, resource, parentFilter, nestedList, time.GetToday());
            if (query.Format != FileFormat.Json)
            {
                return FileResponse.Create(context, version.Token, query.Format,
                    AsTable(resource, query, parentId, ContentNegotiation.SelectLanguage(context.Request)));
            }
            if (ReadResponse.NotModifiedIfMatches(context.Request, version.Token) is { } notModified)
                return notModified;
            var page = await queries.List(connection, resource, query, context.RequestAborted);
            var next = page.HasMore ? PageCursor.Encode(query.CursorScope, page.Records[^1].SortValue!, page.Records[^1].Id) : null;
            List<byte[]> items = [
                .. page.Records.WithCancellation(context.RequestAborted).Select(record => Render(resource, query, record.Id, record.Body))];
            return new ReadResponse(page.Version.Token, IsWeak: true,
                PageJson.Write(items, next, page.Version.Revision, page.Total, page.Units))
            {
                NextPageUrl = QueryValues.WithCursor(context.Request, next),
            };
        }, context.RequestAborted);
    }

    /// <summary>Returns the whole list as a table, with the same rows as the JSON pages.</summary>
    private TableSource AsTable(Resource resource, ListQuery query, string? parentId, Language language)
    {
        var name = parentId is null ? resource.Type : $"{resource.Type}-{parentId}";
        if (!query.Format.IsReadable)
            return new(name, TableColumn.FromType(resource.RecordType, query.Fields), (consume, cancel) => queries.ReadAll(resource, query,
                (_, _) => Task.FromResult<Func<string, byte[], JsonRow>>((id, body) => new(id, Render(resource, query, id, body))),
                consume, cancel));
        var (table, wholeRecords) = (ReadableTable.Create(resource.ReadableColumns, language, query.Fields), query with { Fields = null });
        return new(name, table.Columns, (consume, cancel) => queries.ReadAll(resource, wholeRecords,
            async (connection, plan) =>
            {
                var formatter = await ReadableLookup.CreateFormatter(connection, resource, plan, language);
                return (id, body) => table.CreateRow(id, resource.Deserialize(Render(resource, wholeRecords, id, body)), formatter);
            }, consume, cancel))
        {
            PrintTitle = DisplayNames.GetTypeName(resource.Type, language),
        };
    }

    /// <summary>Adds the members of the expansion to the selected fields.</summary>
    private static IReadOnlyList<string>? WithExpandedMembers(IReadOnlyList<string>? fields, Expansion? expansion) =>
        fields is null || expansion is null ? fields : [.. fields, .. expansion.RootMembers];

    private static byte[] Render(Resource resource, ListQuery query, string id, byte[] body) =>
        ProjectBody(resource, body, query.AsOf, WithExpandedMembers(query.Fields, query.Expansion))
            ?? throw new InvalidOperationException(
                $"{resource.Type}/{id} is in the list as of {query.AsOf} but was not in force on that date.");

    private static byte[]? ProjectBody(Resource resource, byte[] storedBody, DateOnly? asOf, IReadOnlyList<string>? fields)
    {
        var body = asOf is { } date ? resource.GetBodyAsOf(storedBody, date) : storedBody;
        return body is null || fields is null ? body : PageJson.PickMembers(body, fields);
    }

    /// <summary>Returns the filter of a nested list by its parent.</summary>
    private static AppliedFilter GetParentFilter(Resource resource, NestedList nestedList, string parentId) =>
        resource.Filters.Single(filter => filter.Name == nestedList.FilterName).Parse(parentId, [])!;
}
