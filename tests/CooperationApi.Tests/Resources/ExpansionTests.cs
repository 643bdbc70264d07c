using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Agreements;
using CooperationApi.Commitments;
using CooperationApi.CooperationGroups;
using CooperationApi.Faults;
using CooperationApi.Indicators;
using CooperationApi.Meetings;
using CooperationApi.Officials;
using CooperationApi.Organizations;
using CooperationApi.Provinces;
using CooperationApi.Resources;
using CooperationApi.Results;
using CooperationApi.Sources;
using CooperationApi.Statements;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Resources;

/// <summary>`expand` sends records along, where they are named or under the record whose list they are.</summary>
[Collection(nameof(Reading))]
public sealed class ExpansionTests(Api api)
{
    [Fact]
    public async Task A_meeting_comes_with_its_officials_and_its_agreements_with_their_groups()
    {
        var meeting = await api.Json($"/v1/meetings/{Founding.Conference}?expand=participants.official,agreements.cooperationGroups");
        foreach (var participant in meeting["participants"]!.AsArray())
        {
            if (participant!["officialId"] is { } id)
                Assert.True(JsonNode.DeepEquals(await api.Json($"/v1/officials/{id}"), participant["official"]));
            else
                Assert.Null(participant["official"]);
        }
        var agreement = Assert.Single(meeting["agreements"]!.AsArray())!;
        Assert.Equal(Founding.Agreement, agreement.Id());
        Assert.Equal((await api.All($"/v1/agreements/{Founding.Agreement}/cooperation-groups")).Ids(), agreement["cooperationGroups"]!.AsArray().Select(group => group!.Id()));
    }

    [Fact]
    public async Task Without_what_is_sent_along_the_record_is_what_it_was()
    {
        var plain = (await api.Json($"/v1/agreements/{Founding.Agreement}")).AsObject();
        var expanded = (await api.Json($"/v1/agreements/{Founding.Agreement}?expand=meeting,provinces,commitments.groups")).AsObject();
        foreach (var name in (string[])["meeting", "provinces", "commitments"])
            Assert.True(expanded.Remove(name));
        Assert.True(JsonNode.DeepEquals(plain, expanded));
    }

    [Fact]
    public async Task Every_documented_step_of_every_list_can_be_taken_and_finds_what_is_named()
    {
        var document = OpenApi.Of(await api.Json("/v1/openapi.json"));
        foreach (var list in document.Reads.Where(operation => operation.IsList && !operation.Path.Contains('{', StringComparison.Ordinal)))
        {
            if (list.Parameters.FirstOrDefault(parameter => parameter.Name == "expand") is not { } expand)
                continue;
            var steps = expand.Description!.Split(": ", 2)[1].Split(". ")[0].Split(", ").Select(step => step.Trim('`')).ToList();
            Assert.NotEmpty(steps);
            foreach (var chunk in steps.Chunk(10))
            {
                foreach (var record in (await api.Json($"{list.Path}?limit=5&expand={string.Join(',', chunk)}")).Items())
                    Assert.Empty(document.Faults(record, list.ItemSchema, $"{list.Path}?expand={string.Join(',', chunk)}"));
            }
        }
    }

    [Fact]
    public async Task Members_asked_for_come_with_what_is_to_be_sent_along()
    {
        var result = (await api.Json($"/v1/meetings/{Founding.Conference}/results?limit=1&fields=id&expand=meeting")).Items()[0].AsObject();
        Assert.Equal(["id", "meeting"], result.Select(member => member.Key));
    }

    [Fact]
    public async Task What_is_sent_along_has_a_tag_that_follows_every_change()
    {
        using var plain = await api.Get($"/v1/agreements/{Founding.Agreement}");
        using var expanded = await api.Get($"/v1/agreements/{Founding.Agreement}?expand=meeting");
        Assert.StartsWith("\"", plain.ETag(), StringComparison.Ordinal);
        Assert.StartsWith("W/\"", expanded.ETag(), StringComparison.Ordinal);
        using var known = await api.Get($"/v1/agreements/{Founding.Agreement}?expand=meeting", "If-None-Match: " + expanded.ETag());
        Assert.Equal(304, (int)known.StatusCode);
    }

    [Theory]
    [InlineData("meetings", "participant.official", "not_allowed")]
    [InlineData("meetings", "agreements.", "not_allowed")]
    [InlineData("meetings", "participants", "not_allowed")]
    [InlineData("results", "giver", "not_allowed")]
    [InlineData("meetings", "agreements,,results", "empty_value")]
    [InlineData("meetings", "agreements.commitments.groups.agreement", "too_deep")]
    [InlineData("meetings", "a,b,c,d,e,f,g,h,i,j,k", "too_many_values")]
    public async Task A_step_that_is_none_is_refused(string type, string expand, string code)
    {
        Assert.Contains($"expand: {code}", (await api.Problem(400, $"/v1/{type}?expand={expand}")).Faults());
    }

    [Fact]
    public async Task A_step_that_is_nearly_one_is_suggested()
    {
        var fault = (await api.Problem(400, "/v1/meetings?expand=agreement"))["errors"]![0]!;
        Assert.Equal("agreements", (string?)fault["suggestion"]);
    }

    [Fact]
    public async Task What_a_day_showed_can_not_be_joined_with_what_is_now()
    {
        Assert.Equal(["expand: not_together"], (await api.Problem(400, "/v1/officials?at=2019-10-26&expand=meetings")).Faults());
    }

    [Theory]
    [InlineData("participants.official", 1)]
    [InlineData("participants.official,agreements,results,provinces", 1)]
    [InlineData("participants.official,agreements.commitments,results.groups", 2)]
    [InlineData("agreements.commitments.groups,agreements.cooperationGroups.commitments", 3)]
    public async Task Each_level_costs_one_statement_however_many_records_and_paths(string expand, int levels)
    {
        var catalog = new CooperationApi.Resources.Catalog(new SourceResource(), new ProvinceResource(), new OrganizationResource(), new OfficialResource(), new MeetingResource(),
            new AgreementResource(), new CooperationGroupResource(), new CommitmentResource(), new ResultResource(), new IndicatorResource(), new StatementResource());
        foreach (var limit in (int[])[1, 200])
        {
            var meetings = (await api.Json($"/v1/meetings?limit={limit}")).Items().Select(meeting => JsonSerializer.SerializeToUtf8Bytes(meeting)).ToList();
            await using var connection = new CountingConnection($"Data Source={api.StorePath};Mode=ReadOnly;Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var faults = new List<Fault>();
            var before = connection.Statements;
            await Expansion.Read(catalog["meetings"], new() { ["expand"] = expand }, faults)!.Expand(connection, meetings);
            Assert.Empty(faults);
            Assert.Equal(levels, connection.Statements - before);
        }
    }

    private sealed class CountingConnection(string connectionString) : SqliteConnection(connectionString)
    {
        public int Statements { get; private set; }

        public override SqliteCommand CreateCommand()
        {
            Statements++;
            return base.CreateCommand();
        }
    }
}
