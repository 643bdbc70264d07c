using System.Net;
using CooperationApi.Generated;
using CooperationApi.Generated.Models;
using CooperationApi.GeneratedClients;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using static CooperationApi.GeneratedClients.Expectation;

const string RecordId = "kiota-client";

var key = EnsurePresent(Environment.GetEnvironmentVariable("COOPERATION_KEY"), "COOPERATION_KEY");
using var adapter = new HttpClientRequestAdapter(new BaseBearerTokenAuthenticationProvider(new KeyProvider(key)))
{ BaseUrl = EnsurePresent(Environment.GetEnvironmentVariable("COOPERATION_URL"), "COOPERATION_URL") };
var client = new GeneratedClient(adapter);

try
{
    await ListProvinces();
    await GetProvince();
    await Search();
    await SendInvalidParameter();
    await CreateUpdateAndDeleteSource();
    await ReadFeed();
    return 0;
}
catch (Exception failure) when (failure is ExpectationException or ApiException)
{
    await Console.Error.WriteLineAsync($"Kiota client: {failure.Message}");
    return 1;
}

async Task ListProvinces()
{
    var ids = new HashSet<string>();
    long? total;
    string? cursor = null;
    do
    {
        var page = EnsurePresent(await client.V1.Provinces.GetAsync(request =>
        {
            request.QueryParameters.Limit = 10;
            request.QueryParameters.Total = true;
            request.QueryParameters.Cursor = cursor;
        }), "The page of provinces");
        foreach (var province in EnsurePresent(page.Items, "items"))
            EnsureEqual(true, ids.Add(EnsurePresent(province.Id, "The id of a province")), $"{province.Id} is listed once:");
        total = page.Total;
        cursor = page.Next;
    }
    while (cursor is not null);
    EnsureEqual(total, ids.Count, "The number of listed provinces");
}

async Task GetProvince()
{
    // Kiota returns the body alone. This option of a request collects the headers of its response.
    var inspection = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
    var province = EnsurePresent(await client.V1.Provinces["thai-binh"].GetAsync(request => request.Options.Add(inspection)), "thai-binh");
    EnsureEqual("Thái Bình", province.Name, "The name of thai-binh");
    EnsureEqual(new Date(2025, 6, 30), province.ValidTo, "The last day of thai-binh");
    EnsureEqual(ProvinceKind.Province, province.Kind, "The kind of thai-binh");

    var etag = inspection.ResponseHeaders["ETag"].Single();
    // Kiota returns null for 304.
    EnsureEqual(null, await client.V1.Provinces["thai-binh"].GetAsync(request => request.Headers.Add("If-None-Match", etag)),
        "The response to a conditional request");
}

async Task Search()
{
    var page = EnsurePresent(await client.V1.Search.GetAsync(request =>
    {
        request.QueryParameters.Q = "tỉnh Thái Bình";
        request.QueryParameters.Types = [RecordType.Provinces];
    }), "The page of search results");
    var hit = EnsurePresent(page.Items, "items")[0];
    EnsureEqual("thai-binh", hit.Id, "The first search result");
    EnsureEqual("Thái Bình", hit.Title, "The title of the first search result");
}

async Task SendInvalidParameter()
{
    var problem = await EnsureThrows<Problem>(() => client.V1.Provinces.GetAsync(request => request.QueryParameters.Limit = 0), "limit=0");
    EnsureEqual((int)HttpStatusCode.BadRequest, problem.ResponseStatusCode, "The status of limit=0");
    EnsureEqual(problem.Detail, problem.Message, "The message of the exception");
    var error = EnsurePresent(problem.Errors, "errors")[0];
    EnsureEqual("out_of_range", error.Code, "The code of the error");
    EnsureEqual("limit", error.Parameter, "The parameter of the error");
}

async Task ReadFeed()
{
    var idsByType = new Dictionary<string, HashSet<string>>();
    long? revision = null;
    string? cursor = null;
    bool more;
    do
    {
        var page = EnsurePresent(await client.V1.Changes.GetAsync(request =>
        {
            request.QueryParameters.Limit = 100;
            request.QueryParameters.Cursor = cursor;
        }), "The page of changes");
        foreach (var change in EnsurePresent(page.Items, "items"))
        {
            var type = EnsurePresent(change.Type, "The type of a change");
            var id = EnsurePresent(change.Id, "The id of a change");
            var ids = idsByType.TryGetValue(type, out var known) ? known : idsByType[type] = [];
            if (change.Op == ChangeOp.Upsert)
            {
                EnsureEqual(id, GetDataId(change), $"The id in the data of {type}/{id}");
                ids.Add(id);
            }
            else
            {
                ids.Remove(id);
            }
            revision = change.Revision;
        }
        more = page.More == true;
        cursor = page.Next;
    }
    while (more);

    var head = EnsurePresent(await client.V1.Changes.HeadPath.GetAsync(), "The head of the feed");
    EnsureEqual(head.Revision, revision, "The revision at the end of the feed");
    var digest = EnsurePresent(await client.V1.Mirror.Digest.GetAsync(), "The digest");
    foreach (var type in EnsurePresent(digest.Types, "types"))
        EnsureEqual(type.Rows, idsByType[EnsurePresent(type.Type, "type")].Count, $"The number of {type.Type} in the feed");
}

static string? GetDataId(Change change) => change switch
{
    ProvinceChange province => province.Data?.Id,
    OrganizationChange organization => organization.Data?.Id,
    OfficialChange official => official.Data?.Id,
    MeetingChange meeting => meeting.Data?.Id,
    AgreementChange agreement => agreement.Data?.Id,
    CooperationGroupChange group => group.Data?.Id,
    CommitmentChange commitment => commitment.Data?.Id,
    ResultChange result => result.Data?.Id,
    IndicatorChange indicator => indicator.Data?.Id,
    StatementChange statement => statement.Data?.Id,
    SourceChange source => source.Data?.Id,
    _ => null
};

async Task CreateUpdateAndDeleteSource()
{
    var item = client.V1.Sources[RecordId];
    var created = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
    var input = new SourceInput { Id = RecordId, Kind = SourceKind.Press, Title = "Bài báo", Publisher = "Báo Thái Bình", Language = "vi" };
    await item.PutAsync(input, request =>
    {
        request.Headers.Add("If-None-Match", "*");
        request.Options.Add(created);
    });

    var updated = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
    var source = EnsurePresent(await item.PatchAsync(new SourcePatch { Title = "Bài báo đã sửa" }, request =>
    {
        request.Headers.Add("If-Match", created.ResponseHeaders["ETag"].Single());
        request.Options.Add(updated);
    }), "The updated source");
    EnsureEqual("Bài báo đã sửa", source.Title, "The title after the update");
    EnsureEqual("Báo Thái Bình", source.Publisher, "The publisher after the update");

    await item.DeleteAsync(request => request.Headers.Add("If-Match", updated.ResponseHeaders["ETag"].Single()));
    var problem = await EnsureThrows<Problem>(() => item.GetAsync(), "A request of the deleted source");
    EnsureEqual((int)HttpStatusCode.Gone, problem.ResponseStatusCode, "The status of the deleted source");
    EnsureEqual("record_deleted", problem.Code, "The code of the problem of the deleted source");
}

// Kiota's own provider of API keys rejects `http`, also on this machine.
/// <summary>Supplies the API key as a bearer token.</summary>
internal sealed class KeyProvider(string key) : IAccessTokenProvider
{
    public AllowedHostsValidator AllowedHostsValidator { get; } = new();

    public Task<string> GetAuthorizationTokenAsync(Uri uri, Dictionary<string, object>? additionalAuthenticationContext = null,
        CancellationToken cancellationToken = default) => Task.FromResult(key);
}
