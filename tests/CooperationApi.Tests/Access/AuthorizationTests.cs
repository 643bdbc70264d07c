using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Pages;
using CooperationApi.Storage;
using Microsoft.AspNetCore.Routing;

namespace CooperationApi.Tests.Access;

/// <summary>Sends every operation as every kind of caller.</summary>
public sealed class AuthorizationTests : IAsyncDisposable
{
    /// <summary>
    /// The result by group of operations and caller: `ok` for a success status, `missing`, `revoked` and `expired` for 401 `key_missing`,
    /// `key_revoked` and `key_expired`, `role` for 403 `role_insufficient`, and `province` for 403 `province_forbidden`. `Nobody` sends no
    /// key. Callers with `+` are bound to the provinces of the record, callers with `-` to another province: Editors by a key, Admins by
    /// a token, because no key binds an Admin. An Admin with provinces is an Editor.
    /// The columns with `*` are for `Access:AllowAnonymousRead=false`, which affects operations without a policy only.
    /// </summary>
    private const string Table =
        """
        operations      Nobody   Reader  Editor  Editor+   Editor-   Admin  Admin+    Admin-    Revoked  Expired  Nobody*  Reader*
        pages           ok       ok      ok      ok        ok        ok     ok        ok        revoked  expired  ok       ok
        reads           ok       ok      ok      ok        ok        ok     ok        ok        revoked  expired  missing  ok
        writes          missing  role    ok      ok        province  ok     ok        province  revoked  expired  missing  role
        shared-writes   missing  role    ok      province  province  ok     province  province  revoked  expired  missing  role
        administration  missing  role    role    role      role      ok     role      role      revoked  expired  missing  role
        """;

    /// <summary>The operation ids in each group, and the paths of routes that the OpenAPI document does not have.</summary>
    private static readonly Dictionary<string, string> Groups = new()
    {
        ["pages"] = @"/|/metrics|/robots\.txt|/swagger/(index\.html|openapi\.json)|get(Newer)?OpenApiDocument|getChangelog"
            + "|get(Liveness|Readiness)",
        ["reads"] = "(get|list|search|stream)(?!Keys?$|(Newer)?OpenApi|Changelog|Liveness|Readiness).*",
        ["writes"] = "(replace|update|delete|merge)(?!Source|CooperationGroup).*|importBundle",
        // Sources and cooperation groups refer to no province.
        ["shared-writes"] = "(replace|update|delete|merge)(Source|CooperationGroup)|replaceSourceText",
        ["administration"] = "redact.*|(get|list|create|rotate|revoke)Keys?",
    };

    // The id of a copy of the example of each type. Dry runs change the copy; no record refers to it.
    private const string CopyId = "ban-sao";

    private static readonly string[] RecordProvinces = ["ha-noi", "thai-binh", CopyId], OtherProvinces = ["can-tho"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private FakeTokenIssuer issuer = null!;
    private AuthenticatedService service = null!;
    private ExampleRecords examples = null!;
    private string adminKey = "";

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_operation_accepts_only_the_callers_in_the_table(bool allowAnonymousRead)
    {
        var operations = await StartService(allowAnonymousRead);
        var credentials = await CreateCredentials();
        var table = Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var mismatches = new List<string>();
        foreach (var operation in operations)
        {
            var group = Assert.Single(Groups, group => Regex.IsMatch(operation.Id, $"^({group.Value})$")).Key;
            var row = table.Single(row => row[0] == group);
            var withoutKey = table[0].Zip(row).Single(cell => cell.First == (allowAnonymousRead ? "Nobody" : "Nobody*")).Second;
            // The document has no undocumented routes, whose id is their path.
            Assert.True(operation.Id.StartsWith('/') || operation.RequiresKey == (withoutKey == "missing"), operation.Id);
            // The service limits the number of invalid credentials per minute.
            service.Clock.Advance(TimeSpan.FromMinutes(1));
            foreach (var (caller, expected) in table[0].Zip(row).Skip(1).Where(cell => cell.First.EndsWith('*') != allowAnonymousRead))
            {
                if (await Send(operation, credentials[caller.TrimEnd('*')], expected == "ok") is var actual && actual != expected)
                    mismatches.Add($"{operation.Id} as {caller}: expected {expected}, was {actual}");
            }
        }
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    /// <summary>
    /// Returns the documented operations, then all other routes of GET and the Swagger page, whose id is the path. The tools for assistants
    /// have their own test.
    /// </summary>
    private async Task<IEnumerable<OpenApiSpec.Operation>> StartService(bool allowAnonymousRead)
    {
        issuer = await FakeTokenIssuer.Start();
        service = await AuthenticatedService.Start(("Access:AllowAnonymousRead", $"{allowAnonymousRead}"), ("Exports:Enabled", "true"),
            ("Logging:LogLevel:Default", "None"), ("Access:Authority", issuer.Address), ("Access:Audience", FakeTokenIssuer.Audience),
            ("Access:ProvinceClaim", "provinces"));
        adminKey = await service.CreateKeySecret();
        await service.WaitForLatestExport(adminKey);
        var document = await service.GetOpenApi();
        examples = new(document);
        foreach (var type in examples.Types)
            await CreateCopy(type, CopyId);
        return document.Operations.Concat(service.GetService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<OperationDescription>() is null
                && endpoint.Metadata.GetMetadata<PageRouteAttribute>() is null
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
            .Select(endpoint => endpoint.RoutePattern.RawText!).Append("/swagger/index.html")
            .Select(path => new OpenApiSpec.Operation(document, path, "GET",
                JsonNode.Parse($$"""{ "operationId": "{{path}}", "parameters": [], "security": [] }""")!)));
    }

    private async Task<Dictionary<string, string?>> CreateCredentials()
    {
        var now = service.Clock.GetUtcNow();
        var revoked = await service.CreateKey(Role.Admin);
        await service.GetService<ApiKeyStore>().Revoke(revoked.Key.Id, protectLastAdmin: false, Cancel);
        return new()
        {
            ["Nobody"] = null,
            ["Reader"] = await service.CreateKeySecret(Role.Reader),
            ["Editor"] = await service.CreateKeySecret(Role.Editor),
            ["Editor+"] = (await service.CreateKey(Role.Editor, RecordProvinces)).Secret,
            ["Editor-"] = (await service.CreateKey(Role.Editor, OtherProvinces)).Secret,
            ["Admin"] = adminKey,
            ["Admin+"] = CreateAdminToken(RecordProvinces),
            ["Admin-"] = CreateAdminToken(OtherProvinces),
            ["Revoked"] = revoked.Secret,
            ["Expired"] = (await service.CreateKey(Role.Admin, expiresAt: now.AddMinutes(1).ToIso())).Secret,
        };

        string CreateAdminToken(string[] provinces) => issuer.CreateToken(now, token =>
            (token.Claims["provinces"], token.Expires) = (provinces, now.UtcDateTime.AddDays(1)));
    }

    /// <summary>Returns the result as in the table, with the revisions if the store changed or did not change unexpectedly.</summary>
    private async Task<string> Send(OpenApiSpec.Operation operation, string? credential, bool isAllowed)
    {
        var database = service.GetService<Database>();
        var address = new Uri(service.Address, await CreateAddress(operation, isAllowed));
        using var request = new HttpRequestMessage(new(operation.Method), address);
        if (CreateBody(operation) is { } body)
            request.Content = new StringContent(body is JsonValue ? (string)body! : body.ToJsonString(), null, operation.ExampleBodyType);
        request.Headers.Authorization = credential is null ? null : new("Bearer", credential);
        request.Headers.TryAddWithoutValidation("If-Match", operation.Method == "GET" ? null : "*");
        var revision = database.Version.Revision;
        // Does not read the body of a success: the event stream does not end.
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var status = (int)response.StatusCode;
        var problem = status < 400 ? null : await ApiFixture.ReadProblem(status, response);
        var result = $"{status} {problem?["code"]}" switch
        {
            "401 key_missing" => "missing",
            "401 key_revoked" => "revoked",
            "401 key_expired" => "expired",
            "403 role_insufficient" => "role",
            "403 province_forbidden" => "province",
            _ => problem?.ToJsonString() ?? "ok",
        };
        var shouldChange = problem is null && operation.Method != "GET" && !HasDryRun(operation) && operation.Collection != "keys";
        var newRevision = database.Version.Revision;
        return newRevision > revision == shouldChange ? result : $"{result}, revision {newRevision} after {revision}";
    }

    private async Task<string> CreateAddress(OpenApiSpec.Operation operation, bool isAllowed)
    {
        var collection = operation.Collection;
        if (operation.Method == "GET" && collection != "keys")
            return operation.ExampleAddress;
        // An allowed request without a dry run gets a key or record of its own.
        var id = !isAllowed || HasDryRun(operation) ? CopyId
            : collection == "keys" ? (await service.CreateKey(Role.Reader)).Key.Id
            : await CreateCopy(collection, $"{Guid.NewGuid():n}");
        var path = operation.Path.Replace("{recordId}", id, StringComparison.Ordinal).Replace("{keyId}", id, StringComparison.Ordinal)
            .Replace("{targetId}", examples.FindId(collection), StringComparison.Ordinal);
        return HasDryRun(operation) ? $"{path}?dryRun=true{(operation.Id == "importBundle" ? "&onConflict=replace" : "")}" : path;
    }

    /// <summary>Returns a body that changes the copy, or the documented example.</summary>
    private JsonNode? CreateBody(OpenApiSpec.Operation operation) => operation switch
    {
        // Every Editor may import new sources.
        { Id: "importBundle" } => new JsonObject
        {
            ["sources"] = new JsonArray(examples.CreateCopy("sources", "nguon-moi")),
            ["organizations"] = new JsonArray(examples.CreateCopy("organizations", CopyId, " (sửa)")),
        },
        { Method: "PUT" or "PATCH", ExampleBody: JsonObject } => examples.CreateCopy(operation.Collection, CopyId, " (sửa)"),
        _ => operation.ExampleBody,
    };

    private async Task<string> CreateCopy(string type, string id)
    {
        var bundle = new JsonObject { [type] = new JsonArray(examples.CreateCopy(type, id)) };
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", adminKey, bundle);
        return id;
    }

    private static bool HasDryRun(OpenApiSpec.Operation operation) => operation.Parameters.Any(parameter => parameter.Name == "dryRun");
}
