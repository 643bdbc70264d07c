using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Queries;
using Microsoft.AspNetCore.Http;

namespace CooperationApi.Tests.Queries;

/// <summary>Tests of the `expand` parameter, which includes related records in a response.</summary>
[Collection(nameof(SharedApi))]
public sealed class ExpansionTests(ApiFixture api)
{
    [Fact]
    public async Task Meeting_expands_its_officials_and_the_groups_of_its_agreements()
    {
        var meeting = await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}?expand=participants.official,agreements.cooperationGroups");
        foreach (var participant in meeting["participants"]!.AsArray())
        {
            if (participant!["officialId"] is { } id)
                Assert.True(JsonNode.DeepEquals(await api.GetJson($"/v1/officials/{id}"), participant["official"]));
            else
                Assert.Null(participant["official"]);
        }
        var agreement = Assert.Single(meeting["agreements"]!.AsArray())!;
        Assert.Equal(SeedFacts.AgreementId, agreement.GetId());
        Assert.Equal((await api.GetAllItems($"/v1/agreements/{SeedFacts.AgreementId}/cooperation-groups")).GetIds(),
            agreement["cooperationGroups"]!.AsArray().Select(group => group!.GetId()));
    }

    [Fact]
    public async Task Expansion_only_adds_members_to_the_record()
    {
        var plain = (await api.GetJson($"/v1/agreements/{SeedFacts.AgreementId}")).AsObject();
        var expanded =
            (await api.GetJson($"/v1/agreements/{SeedFacts.AgreementId}?expand=meeting,provinces,commitments.groups")).AsObject();
        foreach (var name in (string[])["meeting", "provinces", "commitments"])
            Assert.True(expanded.Remove(name));
        Assert.True(JsonNode.DeepEquals(plain, expanded));
    }

    [Fact]
    public async Task Every_documented_expansion_step_works_and_matches_its_schema()
    {
        var document = OpenApiSpec.FromJson(await api.GetJson("/v1/openapi-3.1.json"));
        foreach (var list in document.AnonymousReads.Where(
            operation => operation.IsList && !operation.Path.Contains('{', StringComparison.Ordinal)))
        {
            if (list.Parameters.FirstOrDefault(parameter => parameter.Name == "expand") is not { } expand)
                continue;
            var steps = expand.Description!.Split(": ", 2)[1].Split(". ")[0].Split(", ").Select(step => step.Trim('`')).ToList();
            Assert.NotEmpty(steps);
            foreach (var chunk in steps.Chunk(10))
            {
                foreach (var record in (await api.GetJson($"{list.Path}?limit=5&expand={string.Join(',', chunk)}")).GetItems())
                    Assert.Empty(document.FindErrors(record, list.ItemSchema, $"{list.Path}?expand={string.Join(',', chunk)}"));
            }
        }
    }

    [Fact]
    public async Task Fields_and_expand_can_be_combined()
    {
        var result = (await api.GetJson("/v1/meetings/trao-tang-ha-noi-thai-binh-2019-10-26/results?limit=1&fields=id&expand=meeting"))
            .GetItems()[0].AsObject();
        Assert.Equal(["id", "meeting"], result.Select(member => member.Key));
    }

    [Fact]
    public async Task Expanded_record_has_a_weak_ETag()
    {
        using var plain = await api.Get($"/v1/agreements/{SeedFacts.AgreementId}");
        using var expanded = await api.Get($"/v1/agreements/{SeedFacts.AgreementId}?expand=meeting");
        Assert.StartsWith("\"", plain.GetETag(), StringComparison.Ordinal);
        Assert.StartsWith("W/\"", expanded.GetETag(), StringComparison.Ordinal);
        using var notModified =
            await api.Get($"/v1/agreements/{SeedFacts.AgreementId}?expand=meeting", "If-None-Match: " + expanded.GetETag());
        Assert.Equal(304, (int)notModified.StatusCode);
    }

    [Theory]
    [InlineData("meetings", "participant.official", "not_allowed")]
    [InlineData("meetings", "agreements.", "not_allowed")]
    [InlineData("meetings", "participants", "not_allowed")]
    [InlineData("results", "giver", "not_allowed")]
    [InlineData("meetings", "agreements,,results", "empty_value")]
    [InlineData("meetings", "agreements.commitments.groups.agreement", "too_deep")]
    [InlineData("meetings", "a,b,c,d,e,f,g,h,i,j,k", "too_many_values")]
    public async Task Invalid_expansion_path_is_rejected(string type, string expand, string code)
    {
        Assert.Contains($"expand: {code}", (await api.GetProblem(400, $"/v1/{type}?expand={expand}")).GetErrors());
    }

    [Fact]
    public async Task Closest_expansion_step_is_suggested()
    {
        var error = (await api.GetProblem(400, "/v1/meetings?expand=agreement"))["errors"]![0]!;
        Assert.Equal("agreements", (string?)error["suggestion"]);
    }

    [Fact]
    public async Task Expand_cannot_be_combined_with_an_as_of_date()
    {
        Assert.Equal(["expand: mutually_exclusive"],
            (await api.GetProblem(400, "/v1/officials?at=2019-10-26&expand=meetings")).GetErrors());
    }

    [Theory]
    [InlineData("participants.official", 1)]
    [InlineData("citations.source", 1)]
    [InlineData("results.citations.source,citations.source", 2)]
    [InlineData("participants.official,agreements,results,provinces", 1)]
    [InlineData("participants.official,agreements.commitments,results.groups", 2)]
    [InlineData("agreements.commitments.groups,agreements.cooperationGroups.commitments", 3)]
    public async Task Each_expansion_level_runs_one_SQL_statement(string expand, int levels)
    {
        foreach (var limit in (int[])[1, 200])
        {
            var meetings = (await api.GetJson($"/v1/meetings?limit={limit}")).GetItems()
                .Select(meeting => JsonSerializer.SerializeToUtf8Bytes(meeting)).ToList();
            await using var connection = new CountingConnection(TestStore.CreateConnection(api.StorePath));
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var request = new DefaultHttpContext { Request = { QueryString = new($"?expand={expand}") } }.Request;
            var values = QueryValues.Parse(request, RecordParameters.Get(api.Catalog["meetings"]).Item);
            var before = connection.StatementCount;
            await Expansion.Read(values, api.Catalog["meetings"])!.Expand(connection, meetings, TestContext.Current.CancellationToken);
            values.ThrowIfInvalid();
            Assert.Equal(levels, connection.StatementCount - before);
        }
    }

    [Fact]
    public async Task Cancelled_expansion_stops_before_the_next_record()
    {
        var meetings = (await api.GetJson("/v1/meetings")).GetItems().Select(meeting => JsonSerializer.SerializeToUtf8Bytes(meeting));
        await using var connection = TestStore.CreateConnection(api.StorePath);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        using var cancellation = new CancellationTokenSource();
        var request = new DefaultHttpContext { Request = { QueryString = new("?expand=provinces") } }.Request;
        var values = QueryValues.Parse(request, RecordParameters.Get(api.Catalog["meetings"]).Item);
        var expansion = Expansion.Read(values, api.Catalog["meetings"])!;
        var readCount = 0;
        await Assert.ThrowsAsync<OperationCanceledException>(() => expansion.Expand(connection, meetings.Select(meeting =>
        {
            readCount++;
            cancellation.Cancel();
            return meeting;
        }), cancellation.Token));
        Assert.Equal(1, readCount);
    }

    private sealed class CountingConnection(DbConnection connection) : DbConnection
    {
        public int StatementCount { get; private set; }

        [AllowNull]
        public override string ConnectionString
        {
            get => connection.ConnectionString;
            set => connection.ConnectionString = value;
        }

        public override string Database => connection.Database;

        public override string DataSource => connection.DataSource;

        public override string ServerVersion => connection.ServerVersion;

        public override ConnectionState State => connection.State;

        public override void ChangeDatabase(string databaseName) => connection.ChangeDatabase(databaseName);

        public override void Open() => connection.Open();

        public override void Close() => connection.Close();

        public override async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => connection.BeginTransaction(isolationLevel);

        protected override DbCommand CreateDbCommand()
        {
            StatementCount++;
            return connection.CreateCommand();
        }
    }
}
