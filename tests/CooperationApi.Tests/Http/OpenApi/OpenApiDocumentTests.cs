using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Http.OpenApi;

/// <summary>Tests of the OpenAPI document: it equals the committed file, and its examples and schemas match the responses.</summary>
[Collection(nameof(SharedApi))]
public sealed partial class OpenApiDocumentTests(ApiFixture api)
{
    private const string OpenApi30Path = "/v1/openapi.json", OpenApi31Path = "/v1/openapi-3.1.json";

    // Bytes of a document without compression. It grows with every route; larger ones are slow to open in the Swagger page.
    private const int MaxDocumentBytes = 720_000;

    private static readonly JsonSerializerOptions IndentedOptions =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Filters whose examples match no seed record: no commitment has `dueOn`, and no citation of a province has a quote.
    /// </summary>
    private static readonly string[] FiltersWithoutMatches = [
        "/v1/commitments?dueBefore", "/v1/commitments?overdueOn", "/v1/commitments?from", "/v1/commitments?to",
        "/v1/provinces?basis",
    ];

    [Theory]
    [InlineData(OpenApi30Path, "openapi.json")]
    [InlineData(OpenApi31Path, "openapi-3.1.json")]
    public async Task Served_document_equals_the_committed_file_except_for_indentation(string address, string file)
    {
        using var response = await api.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.ReadBytes();
        Assert.InRange(body.Length, 1, MaxDocumentBytes);
        var served = Encoding.UTF8.GetBytes(JsonNode.Parse(body)!.ToJsonString(IndentedOptions) + "\n");
        var path = Path.Combine(RepositoryFiles.Root, "api-spec", file);
        if (Environment.GetEnvironmentVariable("UPDATE_API_SPEC") == "1")
            await File.WriteAllBytesAsync(path, served, TestContext.Current.CancellationToken);
        var committed = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.True(served.AsSpan().SequenceEqual(committed),
            $"{address} differs from api-spec/{file} from line {FindFirstDifferentLine(served, committed)}. See api-spec/README.md to "
            + $"accept the change.");
    }

    [Theory]
    [InlineData(OpenApi30Path)]
    [InlineData(OpenApi31Path)]
    public async Task Document_allows_any_origin_and_supports_conditional_GET(string address)
    {
        using var response = await api.Get(address, "Origin: https://elsewhere.example");
        Assert.Equal("*", response.GetHeader("Access-Control-Allow-Origin"));
        Assert.Equal("application/json; charset=utf-8", response.GetHeader("Content-Type"));
        using var repeated = await api.Get(address, $"If-None-Match: {response.GetETag()}");
        Assert.Equal(HttpStatusCode.NotModified, repeated.StatusCode);
    }

    [Fact]
    public async Task Both_OpenAPI_versions_describe_the_same_operations()
    {
        var (older, newer) = (OpenApiSpec.FromJson(await api.GetJson(OpenApi30Path)), await LoadDocument());
        Assert.Equal(("3.0.4", "3.1"), (older.Version, newer.Version[..3]));
        Assert.Equal(older.Operations.Select(FormatSignature), newer.Operations.Select(FormatSignature));

        static string FormatSignature(OpenApiSpec.Operation operation) =>
            $"{operation.Path} {operation.Id} ({string.Join(", ", operation.Parameters.Select(parameter => parameter.Name))}): "
            + $"{string.Join(", ", operation.Statuses)}";
    }

    [Fact]
    public async Task Bundle_schema_has_a_list_for_every_resource_and_for_additions()
    {
        var document = await api.GetJson(OpenApi30Path);
        var resourceTypes = document["paths"]!.AsObject().Select(path => path.Key.Split('/'))
            .Where(segments => segments is ["", "v1", _, "{recordId}", "revisions"]).Select(segments => segments[2]);
        var lists = document["components"]!["schemas"]!["Bundle"]!["properties"]!.AsObject();
        Assert.Equal(resourceTypes.Append("additions").Order(), lists.Select(list => list.Key).Order());
    }

    [Fact]
    public async Task Every_set_of_allowed_values_is_a_component_of_its_own()
    {
        var document = await api.GetJson(OpenApi30Path);
        var named = document["components"]!["schemas"]!.AsObject().Where(schema => schema.Value!["enum"] is not null).ToList();
        Assert.Distinct(named.Select(schema => schema.Value!["enum"]!.ToJsonString()));
        Assert.Equal(named.Count, Regex.Count(document.ToJsonString(), "\"enum\":"));
    }

    [Fact]
    public async Task Requests_are_closed_and_responses_are_open()
    {
        var schemas = (await api.GetJson(OpenApi30Path))["components"]!["schemas"]!.AsObject();
        var closed = schemas.Where(schema => schema.Value!["additionalProperties"] is not null).Select(schema => schema.Key).ToHashSet();
        Assert.All(closed, name => Assert.Matches("(Input|Patch)$|^(Bundle|KeyRotation|NewKey|RecordAddition|Redaction)$", name));
        Assert.All(schemas.Where(schema => closed.Contains(schema.Key)), schema => Assert.All(
            SchemaReference().Matches(schema.Value!.ToJsonString()).Select(match => match.Groups[1].Value)
                .Where(name => schemas[name]!["properties"] is not null),
            name => Assert.Contains(name, closed)));
    }

    [Fact]
    public async Task Every_operation_has_an_id_a_summary_a_description_and_a_tag()
    {
        var document = await LoadDocument();
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
    public async Task Every_parameter_has_a_description_and_a_valid_example()
    {
        var document = await LoadDocument();
        Assert.All(document.Operations.SelectMany(operation => operation.Parameters), parameter =>
        {
            Assert.False(string.IsNullOrWhiteSpace(parameter.Description), parameter.Name);
            Assert.NotNull(parameter.Example);
            Assert.Empty(document.FindErrors(parameter.Example, parameter.Schema, parameter.Name));
        });
    }

    [Fact]
    public async Task HEAD_returns_the_headers_of_GET_for_every_documented_read()
    {
        foreach (var operation in (await LoadDocument()).AnonymousReads.Where(IsFinite))
        {
            using var get = await api.Get(operation.ExampleAddress);
            using var head = await api.Send(HttpMethod.Head, operation.ExampleAddress);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(FormatHeaders(get), FormatHeaders(head));
            Assert.Empty(await head.ReadBytes());
        }

        static IEnumerable<string> FormatHeaders(HttpResponseMessage response) => response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order();
    }

    [Fact]
    public async Task Every_filter_example_matches_records()
    {
        var withoutMatches = new List<string>();
        foreach (var operation in (await LoadDocument()).AnonymousReads.Where(operation => operation.IsList))
        {
            foreach (var filter in operation.Parameters.Where(
                parameter => parameter is { In: "query", Name: not ("cursor" or "format" or "profile"), IsRequired: false }))
            {
                var page = await api.GetJson(
                    operation.ExampleAddress + (operation.ExampleAddress.Contains('?', StringComparison.Ordinal) ? '&' : '?')
                    + filter.ExampleQuery);
                // Filters need a match only in top-level lists, not in nested ones.
                if (page.GetItems().Count == 0 && operation.Parameters.All(parameter => parameter.In != "path"))
                    withoutMatches.Add($"{operation.Path}?{filter.Name}");
            }
        }
        Assert.Equal(FiltersWithoutMatches, withoutMatches);
    }

    [Fact]
    public async Task Examples_of_all_parameters_of_a_read_can_be_combined()
    {
        foreach (var operation in (await LoadDocument()).AnonymousReads.Where(IsFinite))
        {
            var query = operation.Parameters.Where(parameter => parameter is { In: "query", IsRequired: false })
                .Select(parameter => parameter.ExampleQuery);
            var headers = operation.Parameters.Where(parameter => parameter.In == "header")
                .Select(parameter => $"{parameter.Name}: {parameter.Example}");
            var address = operation.ExampleAddress;
            address += (address.Contains('?', StringComparison.Ordinal) ? '&' : '?') + string.Join('&', query);
            using var response = await api.Get(address, [.. headers]);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {await response.ReadText()}");
        }
    }

    [Fact]
    public async Task Every_record_matches_its_schema()
    {
        var document = await LoadDocument();
        foreach (var list in document.AnonymousReads.Where(operation => operation.IsList))
        {
            foreach (var record in await api.GetAllItems(list.ExampleAddress))
                Assert.Empty(document.FindErrors(record, list.ItemSchema, $"{list.ExampleAddress}: {record.GetId()}"));
        }
    }

    [Fact]
    public async Task Swagger_page_loads_nothing_from_other_hosts()
    {
        foreach (var file in (string[])["index.html", "index.js"])
        {
            using var response = await api.Get("/swagger/" + file);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotMatch(OtherHostPattern(), await response.ReadText());
        }
    }

    [Fact]
    public async Task Swagger_page_has_its_own_document_without_examples_that_exclude_each_other()
    {
        var (page, published) = (await api.GetJson("/swagger/openapi.json"), await api.GetJson(OpenApi30Path));
        Assert.Equal("..", (string?)page["servers"]![0]!["url"]);
        Assert.Contains("**This page.**", (string)page["info"]!["description"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("**This page.**", (string)published["info"]!["description"]!, StringComparison.Ordinal);
        var (pageDocument, publishedDocument) = (OpenApiSpec.FromJson(page), OpenApiSpec.FromJson(published));
        Assert.Equal(publishedDocument.Tags, pageDocument.Tags);
        Assert.Equal(publishedDocument.Operations.Select(operation => (operation.Method, operation.Path, operation.Id)),
            pageDocument.Operations.Select(operation => (operation.Method, operation.Path, operation.Id)));
        Assert.All(pageDocument.Operations.SelectMany(operation => operation.Parameters), parameter =>
            Assert.Equal(parameter.IsRequired || parameter.Name is "dryRun" or "If-Match" or "limit", parameter.Example is not null));
        using var response = await api.Get("/swagger/index.html");
        Assert.DoesNotContain("unsafe-eval", response.GetHeader("Content-Security-Policy"), StringComparison.Ordinal);
    }

    // The event stream does not end.
    private static bool IsFinite(OpenApiSpec.Operation operation) => operation.Id != "streamChanges";

    private async Task<OpenApiSpec> LoadDocument() => OpenApiSpec.FromJson(await api.GetJson(OpenApi31Path));

    private static int FindFirstDifferentLine(byte[] actual, byte[] expected) =>
        1 + Encoding.UTF8.GetString(actual).Split('\n').Zip(Encoding.UTF8.GetString(expected).Split('\n'))
            .TakeWhile(lines => lines.First == lines.Second).Count();

    [GeneratedRegex("(src|href)=\"(https?:)?//|validator\\.swagger\\.io")]
    private static partial Regex OtherHostPattern();

    [GeneratedRegex("\"#/components/schemas/([A-Za-z]+)\"")]
    private static partial Regex SchemaReference();
}
