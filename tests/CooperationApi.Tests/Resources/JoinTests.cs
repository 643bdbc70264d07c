using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Resources;

/// <summary>Compares the table of docs/joins.md with the results of the seeded store and the commitments that they fulfil.</summary>
public sealed class JoinTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Joined = "joined";
    private const string NotJoined = "not joined";
    private const string NoCommitment = "–";

    private static readonly List<Row> Rows = ReadRows();

    [Fact]
    public async Task Each_result_of_the_store_is_in_exactly_one_row()
    {
        var results = (await api.GetAllItems("/v1/results")).GetIds();
        Assert.NotEmpty(results);
        Assert.Equal(results.Order(StringComparer.Ordinal), Rows.Select(row => row.ResultId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_row_names_existing_commitments_and_gives_a_verdict_and_a_reason()
    {
        var commitments = (await api.GetAllItems("/v1/commitments")).GetIds();
        Assert.All(Rows, row =>
        {
            Assert.Empty(row.CommitmentIds.Except(commitments));
            Assert.Contains(row.Verdict, new[] { Joined, NotJoined });
            Assert.NotEmpty(row.Reason);
        });
    }

    [Fact]
    public async Task Each_row_has_a_quote_or_a_locator_of_its_result()
    {
        var results = (await api.GetAllItems("/v1/results")).ToDictionary(result => result.GetId());
        Assert.All(Rows, row => Assert.True(
            results[row.ResultId]["citations"]!.AsArray().Any(citation => row.Place.Contains(
                citation!["quote"] is { } quote ? $"“{quote}”" : $"`{citation["sourceId"]}`, {citation["locator"]}",
                StringComparison.Ordinal)),
            row.ResultId));
    }

    [Fact]
    public async Task Joined_rows_are_exactly_the_results_with_the_commitments_that_they_fulfil()
    {
        var joins = (await api.GetAllItems("/v1/results"))
            .SelectMany(result => result["fulfils"]!.AsArray().Select(id => (Result: result.GetId(), Commitment: (string)id!))).ToList();
        Assert.NotEmpty(joins);
        Assert.Equal(joins.Order(),
            Rows.Where(row => row.Verdict == Joined).SelectMany(row => row.CommitmentIds.Select(id => (row.ResultId, id))).Order());
        Assert.DoesNotContain(Rows, row => row.Verdict == Joined && row.CommitmentIds.Count == 0);
    }

    [Fact]
    public async Task Each_join_has_a_citation_with_a_quote_or_with_a_locator_and_a_note()
    {
        var joined = (await api.GetAllItems("/v1/results")).Where(result => result["fulfils"]!.AsArray().Count > 0).ToList();
        Assert.NotEmpty(joined);
        Assert.All(joined, result =>
        {
            var citations = result["citations"]!.AsArray().Where(citation => Supports(citation!, "fulfils")).ToList();
            Assert.True(
                citations.Any(
                    citation => HasText(citation!, "quote") || (HasText(citation!, "locator") && HasText(citation!, "note"))),
                result.GetId());
            // The reason of the row names each source that joins the two.
            var row = Assert.Single(Rows, row => row.ResultId == result.GetId());
            Assert.All(citations, citation => Assert.Contains($"`{citation!["sourceId"]}`", row.Reason));
        });
    }

    private sealed record Row(string ResultId, List<string> CommitmentIds, string Place, string Verdict, string Reason);

    // Each row of a table begins with the id of a result in backticks; the lines of a heading do not.
    private static List<Row> ReadRows() =>
    [
        .. RepositoryFiles.ReadText("docs/joins.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new Row(cells[1].Trim('`'), ReadIds(cells[2]), cells[3], cells[4], cells[5])),
    ];

    private static List<string> ReadIds(string cell) =>
        cell == NoCommitment ? [] : [.. cell.Split(',', StringSplitOptions.TrimEntries).Select(id => id.Trim('`'))];

    private static bool Supports(JsonNode citation, string member) => citation["supports"]!.AsArray().Any(name => (string?)name == member);

    private static bool HasText(JsonNode citation, string member) => !string.IsNullOrWhiteSpace((string?)citation[member]);
}
