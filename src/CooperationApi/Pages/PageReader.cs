using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Features.Changes;
using CooperationApi.Features.Citations;
using CooperationApi.Features.Progress;
using CooperationApi.Features.Records;
using CooperationApi.Features.Search;
using CooperationApi.Features.Statistics;
using CooperationApi.Features.Timeline;
using CooperationApi.Http;
using CooperationApi.Pages.Charts;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Text;

namespace CooperationApi.Pages;

/// <summary>The queries of the API that pages use.</summary>
internal sealed record PageQueries(ResourceCatalog Catalog, RecordQueries Records, SearchReader Search, TimelineQueries Timeline,
    StatisticsEndpoints Statistics, ProvinceRelationsReader Relations, ProgressReader Progress, SourceCitationReader Citations,
    TimeProvider Time);

/// <summary>
/// Reads the content of one page on one snapshot of the store, with the queries of the API. A list has the query string of the API, so the
/// page can link to the same list as a file. Collects the records to which the content refers.
/// </summary>
internal sealed class PageReader(DbConnection connection, PageQueries queries, HttpContext context)
{
    private readonly HashSet<(string Type, string Id)> references = [];

    private readonly Dictionary<(string Type, string Id), Record> included = [];

    private readonly Dictionary<(string Type, string Id), string> changeTimes = [];

    private CancellationToken Cancel => context.RequestAborted;

    private DateOnly Today => queries.Time.GetToday();

    /// <summary>Returns a parameter of the page's address; null if it is absent or empty.</summary>
    public string? GetParameter(string name) => PageContext.GetParameter(context.Request, name);

    /// <summary>Returns parameters of the page's address as parameters of the API.</summary>
    public IEnumerable<string> CopyParameters(params IReadOnlyList<string> names) => names
        .Select(name => (Name: name, Value: GetParameter(name))).Where(parameter => parameter.Value is not null)
        .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");

    /// <summary>Returns the id of a record from the path. Throws 404 if no record can have it.</summary>
    public string GetRecordId(string type, string parameter = PathParameter.RecordIdName) => context.GetRecordId(type, parameter);

    /// <summary>Returns the number of a part of the site map from the path.</summary>
    public long GetPart() => long.Parse(context.GetPathParameter("part"), CultureInfo.InvariantCulture);

    /// <summary>Returns the problem code in the path.</summary>
    public string GetProblemCode() => context.GetPathParameter("code");

    /// <summary>Returns the types that have a list under each record of a type.</summary>
    public IEnumerable<string> GetListedTypes(string type) => queries.Catalog.All
        .Where(resource => resource.NestedLists.Any(list => list.ParentType == type)).Select(resource => resource.Type);

    /// <summary>Reads a record; null if it does not exist.</summary>
    public async Task<Record?> Find(string type, string id)
    {
        var resource = queries.Catalog[type];
        if (await RecordQueries.Find(connection, resource, id) is not { } row)
            return null;
        changeTimes[(type, id)] = row.ChangedAt;
        return Include(type, resource.Deserialize(row.Body));
    }

    /// <summary>Returns the time of the last change of a record that <see cref="Find"/> returned.</summary>
    public string GetChangeTime(string type, string id) => changeTimes[(type, id)];

    /// <summary>Returns the current state of a record that <see cref="Find"/> returned.</summary>
    public RecordState GetState(string type, Record record) => new(type, record, record.Revision, GetChangeTime(type, record.Id));

    /// <summary>The times of the last changes of the records that <see cref="Find"/> returned.</summary>
    public IReadOnlyDictionary<(string Type, string Id), string> ChangeTimes => changeTimes;

    /// <summary>Reads a record. Throws 404 if it does not exist, and 410 if it was removed.</summary>
    public async Task<T> Get<T>(string type, string id) where T : Record =>
        (T)(await Find(type, id) ?? throw await Tombstone.CreateProblem(connection, type, id));

    /// <summary>Reads a page of the list `/v1/{type}?{query}`.</summary>
    public async Task<RecordList<T>> List<T>(string type, string query) where T : Record
    {
        var resource = queries.Catalog[type];
        return await ReadList<T>(resource, ListQuery.Parse(CreateRequest(query), resource, null, null, Today), $"/v1/{type}", query);
    }

    /// <summary>Reads a page of the list `/v1/{parentType}/{parentId}/{type}?{query}`.</summary>
    public async Task<RecordList<T>> List<T>(string parentType, string parentId, string type, string query) where T : Record
    {
        var resource = queries.Catalog[type];
        var nestedList = resource.NestedLists.Single(list => list.ParentType == parentType);
        var filter = resource.Filters.Single(filter => filter.Name == nestedList.FilterName).Parse(parentId, [])!;
        return await ReadList<T>(resource, ListQuery.Parse(CreateRequest(query), resource, filter, nestedList, Today),
            $"/v1/{parentType}/{parentId}/{type}", query);
    }

    /// <summary>Reads the report `/v1/statistics/{name}?{query}`.</summary>
    public async Task<T> ReadStatistics<T>(string name, string query)
    {
        var report = queries.Statistics.Reports.Single(report => report.Name == name);
        return (T)await StatisticsEndpoints.Read(connection, report, StatisticsQuery.Parse(CreateRequest(query), report, Today));
    }

    /// <summary>Reads the partners of a province unit, or of the current units that it is or became.</summary>
    public async Task<ProvinceRelations> ReadRelations(string id, bool isCurrent)
    {
        var relations = await queries.Relations.Read(connection, id, isCurrent, Cancel);
        foreach (var unitId in relations.Units)
            Refer(ResourceTypes.Provinces, unitId);
        return relations;
    }

    /// <summary>
    /// Counts the records of the province units of the era that the page's address selects, and of their pairs. A unit of today includes
    /// the units that were merged into it.
    /// </summary>
    public async Task<EraContacts> ReadContacts()
    {
        var era = GetParameter(PageContext.EraParameter) == PageContext.Era2024 ? ProvinceEra.Of2024 : ProvinceEra.Current;
        var contacts = await ProvinceContactReader.Read(connection, isCurrent: era == ProvinceEra.Current);
        foreach (var id in TileArrangement.GetUnitIds(era).Concat(contacts.Units.Keys))
            Refer(ResourceTypes.Provinces, id);
        return new(era, contacts);
    }

    /// <summary>Reads a page of `/v1/timeline?{query}`.</summary>
    public async Task<TimelinePage> ReadTimeline(string query)
    {
        var timeline = await queries.Timeline.ReadPage(connection, TimelineQuery.Parse(CreateRequest(query)), Cancel);
        foreach (var id in timeline.Items.SelectMany(item => item.ProvinceIds.Concat(item.OtherProvinceIds)))
            Refer(ResourceTypes.Provinces, id);
        return timeline;
    }

    /// <summary>
    /// Reads the progress of a commitment, or of the commitments of another record, with the evidence of its records.
    /// </summary>
    public async Task<ProgressReport> ReadProgress(string type, string id)
    {
        var progress = await queries.Progress.Read(connection, type, id, Cancel);
        List<CommitmentProgress> commitments = [.. progress.Agreed, .. progress.Raised];
        IEnumerable<(string, string)> records =
        [
            .. commitments.Select(commitment => ("commitments", commitment.Id)),
            .. commitments.SelectMany(commitment => commitment.Results).Concat(progress.OtherResults)
                .Select(result => ("results", result.Id)),
        ];
        var evidence = await ReferencedRecords.Read(connection, queries.Catalog, records, included, Cancel);
        foreach (var (recordType, record) in evidence.All)
            Include(recordType, record);
        return progress;
    }

    /// <summary>Reads a page of `/v1/search?{query}`.</summary>
    public async Task<SearchPage> Search(string query) =>
        await queries.Search.ReadPage(connection, queries.Search.ParseQuery(CreateRequest(query)), Cancel);

    /// <summary>Reads a page of `/v1/sources/{id}/citations?{query}`.</summary>
    public Task<Page<SourceCitation>> ReadCitations(string sourceId, string query)
    {
        var values = QueryValues.Parse(CreateRequest(query), [PageParameters.Limit, PageParameters.Cursor]);
        var (limit, startAfter) = (PageParameters.Limit.Read(values), queries.Citations.ReadCursor(values, sourceId));
        values.ThrowIfInvalid();
        return queries.Citations.ReadPage(connection, sourceId, limit, startAfter, includeTotal: true, Cancel);
    }

    /// <summary>Reads a page of `/v1/{type}/{id}/revisions?{query}`, newest first. Throws 404 if no such record ever existed.</summary>
    public async Task<Page<RecordRevision>> ReadRevisions(string type, string id, string query)
    {
        var values = QueryValues.Parse(CreateRequest(query), [PageParameters.Limit, PageParameters.Cursor]);
        var (limit, startAfter) = (PageParameters.Limit.Read(values), RevisionReader.ReadCursor(values, type, id, isDescending: true));
        values.ThrowIfInvalid();
        await RevisionReader.EnsureHasExisted(connection, type, id);
        return await RevisionReader.ReadPage(connection, type, id, isDescending: true, limit, startAfter, includeTotal: true, Cancel);
    }

    /// <summary>The types of records.</summary>
    public IEnumerable<string> Types => queries.Catalog.Types;

    /// <summary>Returns the numbers of the parts of the site map.</summary>
    public Task<IReadOnlyList<long>> ListParts() => RecordPart.List(connection);

    /// <summary>Reads the records of a part of the site map, with the times of their last changes.</summary>
    public Task<IReadOnlyList<(string Type, string Id, string ChangedAt)>> ReadPart(long part) => RecordPart.Read(connection, part);

    /// <summary>Reads the latest changes of all records, or of those that refer to a province, newest first.</summary>
    public async Task<IReadOnlyList<FeedEntry>> ReadLatestChanges(string? provinceId, int limit)
    {
        var changes = await ChangeFeed.ReadLatest(connection, new(queries.Catalog, types: [], provinceId), limit, Cancel);
        var named = new List<FeedEntry>();
        foreach (var change in changes)
        {
            var resource = queries.Catalog[change.Type];
            named.Add(new(change, change.Data is { } data ? resource.Deserialize(JsonSerializer.SerializeToUtf8Bytes(data))
                : await FindRemoved(resource, change)));
        }
        return named;
    }

    // A removal with the reason `filter` is a change of the record. Nothing is left of a redacted record.
    private async Task<Record?> FindRemoved(Resource resource, Change removal)
    {
        var revision = removal.Reason == "filter" ? removal.Revision : removal.Revision - 1;
        return await RecordQueries.FindAtRevision(connection, resource, removal.Id, revision) is { } row
            ? resource.Deserialize(row.Body)
            : null;
    }

    /// <summary>Adds a record to which the page refers.</summary>
    public void Refer(string type, string? id)
    {
        if (id is not null)
            references.Add((type, id));
    }

    /// <summary>Reads the records to which the content of the page refers.</summary>
    public Task<ReferencedRecords> ReadReferences() => ReferencedRecords.Read(connection, queries.Catalog, references, included, Cancel);

    /// <summary>Adds a record with its citations, and the records to which it refers.</summary>
    public Record Include(string type, Record record)
    {
        foreach (var reference in queries.Catalog[type].References.SelectMany(definition => definition.Extract(record)))
            Refer(reference.ToType, reference.ToId);
        included[(type, record.Id)] = record;
        return record;
    }

    private async Task<RecordList<T>> ReadList<T>(Resource resource, ListQuery query, string path, string queryString) where T : Record
    {
        var page = await queries.Records.List(connection, resource, query, Cancel);
        return new(
            [.. page.Records.WithCancellation(Cancel).Select(row => (T)Include(resource.Type, resource.Deserialize(row.Body)))],
            page.Total, page.HasMore ? PageCursor.Encode(query.CursorScope, page.Records[^1].SortValue!, page.Records[^1].Id) : null,
            path + (queryString.Length == 0 ? "" : "?" + queryString));
    }

    /// <summary>Creates a request with a query string, as the queries of the API read it.</summary>
    public static HttpRequest CreateRequest(string query) =>
        new DefaultHttpContext { Request = { QueryString = new(query.Length == 0 ? "" : "?" + query) } }.Request;
}

/// <summary>A change, and the record after it; of a removal, the record before it. Null for a redacted record.</summary>
internal sealed record FeedEntry(Change Change, Record? Record);

/// <summary>A page of a list of records.</summary>
/// <param name="Items">The records.</param>
/// <param name="Total">The number of records of the whole list, if the query has `total=true`.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
/// <param name="Address">The address of the same list in the API.</param>
public sealed record RecordList<T>(IReadOnlyList<T> Items, long? Total, string? Next, string Address) where T : Record
{
    /// <summary>A list without records.</summary>
    public static readonly RecordList<T> Empty = new([], null, null, "");
}
