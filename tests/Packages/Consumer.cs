using CooperationApi.Client;

using var http = CooperationClient.CreateHttpClient(new Uri(Environment.GetEnvironmentVariable("COOPERATION_URL")!));
var client = new CooperationClient(http);

var count = 0;
await foreach (var unit in client.Provinces.ListAsync([("limit", "50")]))
    count += unit.Name.Length > 0 ? 1 : 0;
var status = await client.GetStatusAsync();
Expect(count == status.Records["provinces"], $"list: {count} provinces on several pages");

var (province, etag) = await client.Provinces.GetWithETagAsync("thai-binh");
Expect(province is { Name: "Thái Bình", ValidTo: not null } && etag.Length > 2, $"item: {province.Name} with {etag}");

var hits = 0;
await foreach (var hit in client.SearchAsync("da nang", [("types", "provinces")]))
    hits += hit.Title == "Đà Nẵng" ? 1 : 0;
Expect(hits == 2, $"search: {hits} units with the name Đà Nẵng");

try
{
    await client.Meetings.GetPageAsync([("provinceID", "thai-binh")]);
    Expect(false, "error: a misspelled parameter was accepted");
}
catch (CooperationProblemException problem)
{
    Expect(problem.Code == "invalid_request" && problem.Problem.Errors is [{ Suggestion: "provinceId" }],
        $"error: {problem.Code}, {problem.Problem.Errors?[0].Detail}");
}

var (changes, last) = (0, 0L);
await foreach (var page in client.ListChangesAsync(cursor: null, [("limit", "100")]))
{
    foreach (var change in page.Items)
        (changes, last) = (changes + 1, change.Revision);
}
Expect(changes > 100 && last == status.Revision, $"feed: {changes} changes up to revision {last}");

static void Expect(bool isTrue, string text)
{
    Console.WriteLine((isTrue ? "" : "FAILED: ") + text);
    if (!isTrue)
        Environment.Exit(1);
}
