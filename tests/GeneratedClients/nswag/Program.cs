using System.Net;
using System.Net.Http.Headers;
using CooperationApi.Generated;
using CooperationApi.GeneratedClients;
using static CooperationApi.GeneratedClients.Expectation;

const string RecordId = "nswag-client";

using var http = new HttpClient();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
    EnsurePresent(Environment.GetEnvironmentVariable("COOPERATION_KEY"), "COOPERATION_KEY"));
var client = new GeneratedClient(EnsurePresent(Environment.GetEnvironmentVariable("COOPERATION_URL"), "COOPERATION_URL"), http);

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
    await Console.Error.WriteLineAsync($"NSwag client: {failure.Message}");
    return 1;
}

async Task ListProvinces()
{
    var ids = new HashSet<string>();
    long? total;
    string? cursor = null;
    do
    {
        var page = (await client.ListProvincesAsync(limit: 10, total: true, cursor: cursor)).Result;
        foreach (var province in page.Items)
            EnsureEqual(true, ids.Add(province.Id), $"{province.Id} is listed once:");
        total = page.Total;
        cursor = page.Next;
    }
    while (cursor is not null);
    EnsureEqual(total, ids.Count, "The number of listed provinces");
}

async Task GetProvince()
{
    var response = await client.GetProvinceAsync("thai-binh");
    EnsureEqual("Thái Bình", response.Result.Name, "The name of thai-binh");
    EnsureEqual(new DateOnly(2025, 6, 30), response.Result.ValidTo, "The last day of thai-binh");
    EnsureEqual(ProvinceKind.Province, response.Result.Kind, "The kind of thai-binh");

    // NSwag throws an exception for each status without a body, also for 304.
    var exception = await EnsureThrows<ApiException>(() => client.GetProvinceAsync("thai-binh", if_None_Match: GetETag(response)),
        "A conditional request");
    EnsureEqual((int)HttpStatusCode.NotModified, exception.StatusCode, "The status of a conditional request");
}

async Task Search()
{
    var page = (await client.SearchRecordsAsync("tỉnh Thái Bình", types: [RecordType.Provinces])).Result;
    var hit = page.Items.First();
    EnsureEqual("thai-binh", hit.Id, "The first search result");
    EnsureEqual("Thái Bình", hit.Title, "The title of the first search result");
}

async Task SendInvalidParameter()
{
    var problem = (await EnsureThrows<ApiException<Problem>>(() => client.ListProvincesAsync(limit: 0), "limit=0")).Result;
    EnsureEqual((int)HttpStatusCode.BadRequest, problem.Status, "The status of limit=0");
    var error = EnsurePresent(problem.Errors, "errors").First();
    EnsureEqual("out_of_range", error.Code, "The code of the error");
    EnsureEqual("limit", error.Parameter, "The parameter of the error");
}

async Task ReadFeed()
{
    var idsByType = new Dictionary<string, HashSet<string>>();
    long? revision = null;
    string? cursor = null;
    ChangePage page;
    do
    {
        page = (await client.ListChangesAsync(limit: 100, cursor: cursor)).Result;
        foreach (var change in page.Items)
        {
            var (type, dataId) = GetTypeAndDataId(change);
            var ids = idsByType.TryGetValue(type, out var known) ? known : idsByType[type] = [];
            if (change.Op == ChangeOp.Upsert)
            {
                EnsureEqual(change.Id, dataId, $"The id in the data of {type}/{change.Id}");
                ids.Add(change.Id);
            }
            else
            {
                ids.Remove(change.Id);
            }
            revision = change.Revision;
        }
        cursor = page.Next;
    }
    while (page.More);

    EnsureEqual((await client.GetChangeHeadAsync()).Result.Revision, revision, "The revision at the end of the feed");
    foreach (var type in (await client.GetMirrorDigestAsync()).Result.Types)
        EnsureEqual(type.Rows, idsByType[type.Type].Count, $"The number of {type.Type} in the feed");
}

// NSwag removes the discriminator `type` from the members of a change: the class of the change is its type.
static (string Type, string? DataId) GetTypeAndDataId(Change change) => change switch
{
    ProvinceChange province => ("provinces", province.Data?.Id),
    OrganizationChange organization => ("organizations", organization.Data?.Id),
    OfficialChange official => ("officials", official.Data?.Id),
    MeetingChange meeting => ("meetings", meeting.Data?.Id),
    AgreementChange agreement => ("agreements", agreement.Data?.Id),
    CooperationGroupChange group => ("cooperation-groups", group.Data?.Id),
    CommitmentChange commitment => ("commitments", commitment.Data?.Id),
    ResultChange result => ("results", result.Data?.Id),
    IndicatorChange indicator => ("indicators", indicator.Data?.Id),
    StatementChange statement => ("statements", statement.Data?.Id),
    SourceChange source => ("sources", source.Data?.Id),
    _ => throw new ExpectationException($"The change of {change.Id} has no known type.")
};

async Task CreateUpdateAndDeleteSource()
{
    var created = await client.ReplaceSourceAsync(RecordId,
        new SourceInput { Id = RecordId, Kind = SourceKind.Press, Title = "Bài báo", Publisher = "Báo Thái Bình", Language = "vi" },
        if_None_Match: "*");
    EnsureEqual((int)HttpStatusCode.Created, created.StatusCode, "The status of the creation");

    var updated = await client.UpdateSourceAsync(RecordId, GetETag(created), new SourcePatch { Title = "Bài báo đã sửa" });
    EnsureEqual("Bài báo đã sửa", updated.Result.Title, "The title after the update");
    EnsureEqual("Báo Thái Bình", updated.Result.Publisher, "The publisher after the update");

    await client.DeleteSourceAsync(RecordId, GetETag(updated));
    var problem = (await EnsureThrows<ApiException<Problem>>(() => client.GetSourceAsync(RecordId),
        "A request of the deleted source")).Result;
    EnsureEqual((int)HttpStatusCode.Gone, problem.Status, "The status of the deleted source");
    EnsureEqual("record_deleted", problem.Code, "The code of the problem of the deleted source");
}

static string GetETag(SwaggerResponse response) => response.Headers["ETag"].Single();
