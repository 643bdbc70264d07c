using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests;

/// <summary>The document is reviewed, and true: what it shows is what the service does.</summary>
[Collection(nameof(Reading))]
public sealed partial class DocumentTests(Api api)
{
    private const string Document = "/v1/openapi.json", NewerDocument = "/v1/openapi-3.1.json";

    /// <summary>Filters that nothing in the founding content fits: it has no commitment with a day on which it is due.</summary>
    private static readonly string[] FindNothingYet = ["/v1/commitments?from", "/v1/commitments?to"];

    [Theory]
    [InlineData(Document, "openapi.json")]
    [InlineData(NewerDocument, "openapi-3.1.json")]
    public async Task The_served_document_is_the_reviewed_one(string address, string file)
    {
        using var answer = await api.Get(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (served, path) = (await answer.Bytes(), Path.Combine(Repository.Root, "api-spec", file));
        if (Environment.GetEnvironmentVariable("UPDATE_API_SPEC") == "1")
            await File.WriteAllBytesAsync(path, served, TestContext.Current.CancellationToken);
        var reviewed = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.True(served.AsSpan().SequenceEqual(reviewed),
            $"{address} is not api-spec/{file} from line {FirstDifference(served, reviewed)} on; api-spec/README.md says how to accept a change.");
    }

    [Theory]
    [InlineData(Document)]
    [InlineData(NewerDocument)]
    public async Task Any_page_may_read_the_document(string address)
    {
        using var answer = await api.Get(address, "Origin: https://elsewhere.example");
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        using var again = await api.Get(address, $"If-None-Match: {answer.ETag()}");
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Both_versions_describe_the_same()
    {
        var (older, newer) = (await Load(), OpenApi.Of(await api.Json(NewerDocument)));
        Assert.Equal(("3.0.4", "3.1"), (older.Version, newer.Version[..3]));
        Assert.Equal(older.Operations.Select(Signature), newer.Operations.Select(Signature));

        static string Signature(OpenApi.Operation operation) =>
            $"{operation.Path} {operation.Id} ({string.Join(", ", operation.Parameters.Select(parameter => parameter.Name))}): {string.Join(", ", operation.Statuses)}";
    }

    [Fact]
    public async Task A_bundle_is_documented_to_have_a_list_of_every_resource()
    {
        var document = await api.Json("/v1/openapi.json");
        Assert.Equal(Catalog.Types, document["components"]!["schemas"]!["Bundle"]!["properties"]!.AsObject().Select(list => list.Key));
    }

    [Fact]
    public async Task Every_operation_is_named_explained_and_filed()
    {
        var document = await Load();
        Assert.All(document.Operations, operation =>
        {
            Assert.Matches("^[a-z][A-Za-z]+$", operation.Id);
            Assert.False(string.IsNullOrWhiteSpace(operation.Summary), operation.Id);
            Assert.False(string.IsNullOrWhiteSpace(operation.Description), operation.Id);
            Assert.Contains(Assert.Single(operation.Tags), document.Tags);
        });
        Assert.Distinct(document.Operations.Select(operation => operation.Id));
    }

    [Fact]
    public async Task Every_parameter_is_explained_and_shows_an_example_of_its_form()
    {
        var document = await Load();
        Assert.All(document.Operations.SelectMany(operation => operation.Parameters), parameter =>
        {
            Assert.False(string.IsNullOrWhiteSpace(parameter.Description), parameter.Name);
            Assert.NotNull(parameter.Example);
            Assert.Empty(document.Faults(parameter.Example, parameter.Schema, parameter.Name));
        });
    }

    [Fact]
    public async Task Every_documented_call_finds_something_and_is_answered_as_its_schema_says()
    {
        var document = await Load();
        foreach (var operation in document.Reads)
        {
            using var answer = await api.Get(operation.ExampleAddress);
            var body = await answer.Text();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{operation.ExampleAddress}: {body}");
            var json = JsonNode.Parse(body)!;
            Assert.True(json["items"] is not JsonArray { Count: 0 }, $"{operation.ExampleAddress} finds nothing.");
            Assert.Empty(document.Faults(json, operation.Schema(200), operation.ExampleAddress));
            foreach (var (name, schema) in operation.Headers(200))
            {
                // These come with a next page, with a file, and with a limit.
                if (answer.Header(name) is { } value)
                    Assert.Empty(document.Faults(JsonValue.Create(value), schema, $"{operation.ExampleAddress}: {name}"));
                else
                    Assert.Contains(name, (string[])["Link", "Row-Count", "Content-Disposition", "Content-Language", "RateLimit", "RateLimit-Policy"]);
            }
        }
    }

    [Fact]
    public async Task Every_list_comes_in_every_format_that_is_documented_for_it_with_the_headers_that_are()
    {
        var document = await Load();
        foreach (var operation in document.Reads.Where(operation => operation.Parameters.Any(parameter => parameter.Name == "format")))
        {
            Assert.Equal(["application/json", .. Formats.Files.Types], operation.MediaTypes);
            foreach (var type in operation.MediaTypes.Skip(1))
            {
                using var answer = await api.Get(operation.ExampleAddress, "Accept: " + type);
                Assert.Equal((200, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
                foreach (var (name, schema) in operation.Headers(200).Where(header => answer.Header(header.Name) is not null))
                    Assert.Empty(document.Faults(JsonValue.Create(answer.Header(name)), schema, $"{operation.ExampleAddress}: {name}"));
                Assert.All(["Row-Count", "Content-Disposition", "ETag", "Vary"], header => Assert.NotNull(answer.Header(header)));
            }
        }
    }

    [Fact]
    public async Task Every_documented_call_can_be_asked_for_its_headers_alone()
    {
        foreach (var operation in (await Load()).Reads)
        {
            using var get = await api.Get(operation.ExampleAddress);
            using var head = await api.Send(HttpMethod.Head, operation.ExampleAddress);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(HeadersOf(get), HeadersOf(head));
            Assert.Empty(await head.Bytes());
        }

        static IEnumerable<string> HeadersOf(HttpResponseMessage answer) => answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order();
    }

    [Fact]
    public async Task Every_filter_s_example_is_real()
    {
        var foundNothing = new List<string>();
        foreach (var operation in (await Load()).Reads.Where(operation => operation.IsList))
        {
            foreach (var filter in operation.Parameters.Where(parameter => parameter is { In: "query", Name: not ("cursor" or "format" or "profile"), IsRequired: false }))
            {
                var page = await api.Json($"{operation.ExampleAddress}{(operation.ExampleAddress.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{filter.ExampleQuery}");
                // Under a record not every filter finds something; in the whole list it does.
                if (page.Items().Count == 0 && operation.Parameters.All(parameter => parameter.In != "path"))
                    foundNothing.Add($"{operation.Path}?{filter.Name}");
            }
        }
        Assert.Equal(FindNothingYet, foundNothing);
    }

    [Fact]
    public async Task The_examples_of_format_and_profile_go_together()
    {
        var list = (await Load()).Operations.Single(operation => operation.Path == "/v1/meetings");
        var examples = list.Parameters.Where(parameter => parameter.Name is "format" or "profile").Select(parameter => parameter.ExampleQuery);
        using var answer = await api.Get($"{list.Path}?{string.Join('&', examples)}");
        Assert.Equal((200, "text/csv"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task The_example_of_a_cursor_continues_the_list_that_it_is_said_to_be_of()
    {
        var cursor = (await Load()).Operations.Single(operation => operation.Path == "/v1/meetings").Parameters.Single(parameter => parameter.Name == "cursor");
        Assert.Contains("`/v1/meetings`", cursor.Description);
        var all = (await api.All("/v1/meetings")).Ids();
        Assert.Equal(all.SkipWhile(id => id != "hoi-nghi-ha-noi-thai-binh-2019-10-26").Skip(1), (await api.Json($"/v1/meetings?{cursor.ExampleQuery}")).Items().Ids());
    }

    [Fact]
    public async Task Every_record_is_as_its_schema_says()
    {
        var document = await Load();
        foreach (var list in document.Reads.Where(operation => operation.IsList))
        {
            foreach (var record in await api.All(list.ExampleAddress))
                Assert.Empty(document.Faults(record, list.ItemSchema, $"{list.ExampleAddress}: {record.Id()}"));
        }
    }

    [Theory]
    [InlineData(400, "/v1/meetings?knid=Visit&kind=Vist&limit=0&from=26/10/2019")]
    [InlineData(404, "/v1/meetings/hoi-nghi")]
    [InlineData(406, "/v1/meetings", "Accept: text/html")]
    public async Task Every_problem_is_as_its_schema_says(int status, string address, params string[] headers)
    {
        var document = await Load();
        var operation = document.Operations.Single(operation => operation.Id == (status == 404 ? "readMeeting" : "listMeetings"));
        using var answer = await api.Get(address, headers);
        var problem = await Api.ProblemOf(status, answer);
        Assert.Empty(document.Faults(problem, operation.Schema(status), address));
        Assert.All(operation.Headers(status).Where(header => !header.Name.StartsWith("RateLimit", StringComparison.Ordinal)),
            header => Assert.Empty(document.Faults(JsonValue.Create(answer.Header(header.Name)), header.Schema, header.Name)));
    }

    [Fact]
    public async Task The_page_needs_no_other_host()
    {
        using var start = await api.Get("/");
        Assert.Equal("/swagger/index.html", start.Header("Location"));
        foreach (var file in (string[])["index.html", "index.js"])
        {
            using var answer = await api.Get("/swagger/" + file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotMatch(OtherHost(), await answer.Text());
        }
    }

    private async Task<OpenApi> Load() => OpenApi.Of(await api.Json(Document));

    private static int FirstDifference(byte[] one, byte[] other) =>
        1 + Encoding.UTF8.GetString(one).Split('\n').Zip(Encoding.UTF8.GetString(other).Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();

    [GeneratedRegex("(src|href)=\"(https?:)?//|validator\\.swagger\\.io")]
    private static partial Regex OtherHost();
}
