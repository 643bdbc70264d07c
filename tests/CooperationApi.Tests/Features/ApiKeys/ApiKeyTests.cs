using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.ApiKeys;

/// <summary>Tests of `/v1/keys`: creation, rotation, revocation and expiry of API keys.</summary>
public sealed class ApiKeyTests
{
    private static JsonObject NewEditorKey => new() { ["name"] = "Sở Nội vụ", ["role"] = "Editor" };

    [Theory]
    [InlineData(null, 401, "key_missing")]
    [InlineData(Role.Reader, 403, "role_insufficient")]
    [InlineData(Role.Editor, 403, "role_insufficient")]
    public async Task Key_operations_require_the_Admin_role(Role? role, int status, string code)
    {
        await using var service = await AuthenticatedService.Start();
        var adminKey = await service.CreateKey(Role.Admin);
        var key = role is { } givenRole ? await service.CreateKeySecret(givenRole) : null;
        var document = await service.GetOpenApi();
        var calls = document.Operations.Where(operation => operation.Path.StartsWith("/v1/keys", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, calls.Count(call => call.RequiresKey));
        foreach (var call in calls)
        {
            using var response = await service.Send(call.Method,
                call.ExampleAddress.Replace("k3j9x2ab", adminKey.Key.Id, StringComparison.Ordinal), key, call.ExampleBody);
            var problem = await ApiFixture.ReadProblem(status, response);
            Assert.Equal(code, (string?)problem["code"]);
            Assert.Empty(document.FindErrors(problem, call.GetSchema(status), call.Id));
            Assert.Equal("Bearer realm=\"CooperationApi\"" + (status == 403 ? ", error=\"insufficient_scope\", scope=\"Admin\"" : ""),
                response.GetHeader("WWW-Authenticate"));
        }
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", adminKey.Secret));
    }

    [Fact]
    public async Task Every_documented_key_operation_matches_its_schema()
    {
        await using var service = await AuthenticatedService.Start();
        var admin = await service.CreateKeySecret();
        var document = await service.GetOpenApi();
        foreach (var call in document.Operations.Where(operation => operation.Path.StartsWith("/v1/keys", StringComparison.Ordinal)))
        {
            var id = (await service.CreateKey(Role.Editor, ["ha-noi"])).Key.Id;
            if (call.ExampleBody is { } example)
                Assert.Empty(document.FindErrors(example, call.BodySchema, call.Id));
            using var response = await service.Send(call.Method, call.ExampleAddress.Replace("k3j9x2ab", id, StringComparison.Ordinal),
                admin, call.ExampleBody, "Origin: https://portal.example");
            var status = (int)response.StatusCode;
            Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), call.Statuses.Take(1));
            Assert.All(call.GetHeaders(status).Where(header => header.Name is not ("Link" or "RateLimit" or "RateLimit-Policy" or "Vary")),
                header => Assert.Empty(document.FindErrors(JsonValue.Create(response.GetHeader(header.Name)), header.Schema, header.Name)));
            if (status != 204)
                Assert.Empty(document.FindErrors(JsonNode.Parse(await response.ReadText()), call.GetSchema(status), call.Id));
            else
                Assert.Equal("", await response.ReadText());
        }
    }

    [Fact]
    public async Task Key_secret_is_returned_once_and_works()
    {
        await using var service = await AuthenticatedService.Start();
        var admin = await service.CreateKey(Role.Admin);
        using var response = await service.Send("POST", "/v1/keys", admin.Secret,
            new JsonObject { ["name"] = "Sở Nội vụ", ["role"] = "Admin", ["expiresAt"] = "2099-01-01T00:00:00+07:00" });
        Assert.Equal((HttpStatusCode.Created, "no-store"), (response.StatusCode, response.GetHeader("Cache-Control")));
        var created = JsonNode.Parse(await response.ReadText())!;
        var (secret, id) = ((string)created["secret"]!, created["key"]!.GetId());
        Assert.Equal($"/v1/keys/{id}", response.GetHeader("Location"));
        Assert.Matches($"^coop_{id}_[A-Za-z0-9_-]{{43}}$", secret);
        Assert.Equal(("2098-12-31T17:00:00.000Z", $"Một Admin ({admin.Key.Id})"),
            ((string?)created["key"]!["expiresAt"], (string?)created["key"]!["createdBy"]));
        var listed = await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/keys", secret);
        Assert.Equal([id, admin.Key.Id], listed.GetItems().GetIds());
        Assert.DoesNotContain(secret[14..], listed.ToJsonString(), StringComparison.Ordinal);
        Assert.True(
            JsonNode.DeepEquals(created["key"], await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/keys/{id}", admin.Secret)));
        Assert.DoesNotContain(secret[14..], TestStore.ReadText(service.StorePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoked_key_is_rejected_by_the_next_request_and_stays_listed()
    {
        await using var service = await AuthenticatedService.Start();
        var (admin, created) = (await service.CreateKeySecret(), await service.CreateKey(Role.Reader));
        Assert.Equal(200, await service.GetStatusCode("/v1/status", created.Secret));
        for (var i = 0; i < 2; i++)
        {
            using var response = await service.Send("DELETE", $"/v1/keys/{created.Key.Id}", admin);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal("key_revoked", await service.SendForProblemCode(401, "GET", "/v1/status", created.Secret));
        }
        Assert.NotNull((await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/keys/{created.Key.Id}", admin))["revokedAt"]);
        Assert.Single(service.Log,
            line => line.StartsWith($"CooperationApi.Access: Key revoked: {created.Key.Id}, by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expired_key_is_rejected()
    {
        await using var service = await AuthenticatedService.Start();
        var created = await service.CreateKey(Role.Reader, expiresAt: service.Clock.GetUtcNow().AddHours(1).ToIso());
        Assert.Equal(200, await service.GetStatusCode("/v1/status", created.Secret));
        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("key_expired", await service.SendForProblemCode(401, "GET", "/v1/status", created.Secret));
    }

    [Fact]
    public async Task Last_active_admin_key_cannot_be_revoked()
    {
        await using var service = await AuthenticatedService.Start();
        var (lastAdmin, otherAdmin) = (await service.CreateKey(Role.Admin), await service.CreateKey(Role.Admin));
        var expired = await service.CreateKey(Role.Admin, expiresAt: service.Clock.GetUtcNow().AddMinutes(1).ToIso());
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        using (var response = await service.Send("DELETE", $"/v1/keys/{otherAdmin.Key.Id}", lastAdmin.Secret))
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("last_admin_key", await service.SendForProblemCode(409, "DELETE", $"/v1/keys/{lastAdmin.Key.Id}", lastAdmin.Secret));
        using (var response = await service.Send("DELETE", $"/v1/keys/{expired.Key.Id}", lastAdmin.Secret))
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(200, await service.GetStatusCode("/v1/keys", lastAdmin.Secret));
    }

    [Fact]
    public async Task Rotated_key_stays_valid_for_the_grace_period()
    {
        await using var service = await AuthenticatedService.Start();
        var (admin, old) = (await service.CreateKeySecret(),
            await service.CreateKey(Role.Editor, ["ha-noi"], service.Clock.GetUtcNow().AddDays(30).ToIso()));
        service.Clock.Advance(TimeSpan.FromDays(20));
        var created = await service.SendForJson(HttpStatusCode.Created, "POST", $"/v1/keys/{old.Key.Id}/rotate", admin, new JsonObject());
        var secret = (string)created["secret"]!;
        Assert.Equal(("Editor", "[\"ha-noi\"]"), ((string?)created["key"]!["role"], created["key"]!["provinceIds"]!.ToJsonString()));
        Assert.Equal(created["key"]!.GetId(),
            (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/keys/{old.Key.Id}", admin))["replacedBy"]);
        Assert.Equal((200, 200),
            (await service.GetStatusCode("/v1/status", old.Secret), await service.GetStatusCode("/v1/status", secret)));
        Assert.Equal("key_inactive",
            await service.SendForProblemCode(409, "POST", $"/v1/keys/{old.Key.Id}/rotate", admin, new JsonObject()));
        service.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal("key_expired", await service.SendForProblemCode(401, "GET", "/v1/status", old.Secret));
        Assert.Equal(200, await service.GetStatusCode("/v1/status", secret));
        service.Clock.Advance(TimeSpan.FromDays(23));
        Assert.Equal("key_expired", await service.SendForProblemCode(401, "GET", "/v1/status", secret));
    }

    [Fact]
    public async Task Rotation_can_end_a_key_at_once_and_never_extends_its_expiry()
    {
        await using var service = await AuthenticatedService.Start();
        var (admin, leaked, ending) = (await service.CreateKeySecret(), await service.CreateKey(Role.Reader),
            await service.CreateKey(Role.Reader, expiresAt: service.Clock.GetUtcNow().AddDays(1).ToIso()));
        await service.SendForJson(HttpStatusCode.Created, "POST", $"/v1/keys/{leaked.Key.Id}/rotate", admin,
            new JsonObject { ["gracePeriodDays"] = 0 });
        Assert.Equal("key_expired", await service.SendForProblemCode(401, "GET", "/v1/status", leaked.Secret));
        await service.SendForJson(HttpStatusCode.Created, "POST", $"/v1/keys/{ending.Key.Id}/rotate", admin,
            new JsonObject { ["gracePeriodDays"] = 90 });
        service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("key_expired", await service.SendForProblemCode(401, "GET", "/v1/status", ending.Secret));
    }

    [Theory]
    [InlineData("GET", "/v1/keys/nobody00", 404, "record_not_found")]
    [InlineData("GET", "/v1/keys/Nobody", 404, "not_found")]
    [InlineData("DELETE", "/v1/keys/nobody00", 404, "record_not_found")]
    [InlineData("DELETE", "/v1/keys", 405, "method_not_allowed")]
    [InlineData("PUT", "/v1/keys/nobody00", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/keys/nobody00?force=true", 400, "invalid_request")]
    [InlineData("GET", "/v1/keys?limit=0&cursor=x&role=Admin", 400, "invalid_request")]
    public async Task Invalid_key_requests_are_rejected(string method, string address, int status, string code)
    {
        await using var service = await AuthenticatedService.Start();
        Assert.Equal(code, await service.SendForProblemCode(status, method, address, await service.CreateKeySecret()));
    }

    [Fact]
    public async Task Forged_cursor_of_keys_is_rejected()
    {
        await using var service = await AuthenticatedService.Start();
        var secret = await service.CreateKeySecret();
        foreach (var values in new object[][] { ["yesterday", "nobody00"], ["2026-11-22T08:00:00.000Z", "Nobody"], [2026L, "nobody00"] })
        {
            using var response = await service.Send("GET", $"/v1/keys?cursor={PageCursor.Encode("keys", values)}", secret);
            Assert.Equal(["cursor: cursor_invalid"], (await ApiFixture.ReadProblem(400, response)).GetErrors());
        }
    }

    [Fact]
    public async Task Keys_are_paged_newest_first()
    {
        await using var service = await AuthenticatedService.Start();
        var admin = await service.CreateKey(Role.Admin);
        var created = new List<string> { admin.Key.Id };
        for (var i = 0; i < 4; i++)
        {
            service.Clock.Advance(TimeSpan.FromSeconds(1));
            created.Insert(0, (await service.CreateKey(Role.Reader)).Key.Id);
        }
        var listedIds = new List<string>();
        for (var next = "/v1/keys?limit=2"; next is not null;)
        {
            using var response = await service.Send("GET", next, admin.Secret);
            var page = JsonNode.Parse(await response.ReadText())!;
            listedIds.AddRange(page.GetItems().GetIds());
            next = page["next"] is { } cursor ? $"/v1/keys?limit=2&cursor={cursor}" : null;
            Assert.Equal(next is null ? null : $"<{next}>; rel=\"next\"", response.GetHeader("Link"));
        }
        Assert.Equal(created, listedIds);
    }

    [Fact]
    public async Task Key_responses_are_no_store_and_have_an_ETag()
    {
        await using var service = await AuthenticatedService.Start();
        var admin = await service.CreateKeySecret();
        using var response = await service.Send("GET", "/v1/keys", admin);
        Assert.Equal("no-store", response.GetHeader("Cache-Control"));
        using var repeated = await service.Send("GET", "/v1/keys", admin, null, $"If-None-Match: {response.GetETag()}");
        Assert.Equal(HttpStatusCode.NotModified, repeated.StatusCode);
        using var head = await service.Send("HEAD", "/v1/keys", admin);
        Assert.Equal((HttpStatusCode.OK, response.GetETag()), (head.StatusCode, head.GetETag()));
        Assert.Equal("not_acceptable", await service.SendForProblemCode(406, "GET", "/v1/keys", admin, null, "Accept: text/csv"));
        Assert.Equal("not_acceptable", await service.SendForProblemCode(406, "POST", "/v1/keys", admin, NewEditorKey, "Accept: text/csv"));
        Assert.Single((await service.SendForJson(HttpStatusCode.OK, "GET", "/v1/keys", admin)).GetItems());
    }

    [Fact]
    public async Task Last_use_of_a_key_is_saved_to_the_minute_on_shutdown()
    {
        await using var service = await AuthenticatedService.Start();
        var (admin, created) = (await service.CreateKeySecret(), await service.CreateKey(Role.Reader));
        service.Clock.Advance(TimeSpan.FromDays(1));
        var before = service.Clock.GetUtcNow().AddMinutes(-1).ToIso();
        await service.GetStatusCode("/v1/status", created.Secret);
        await service.Restart();
        var lastUsed = (string?)(await service.SendForJson(HttpStatusCode.OK, "GET", $"/v1/keys/{created.Key.Id}", admin))["lastUsedAt"];
        Assert.InRange(lastUsed!, before, service.Clock.GetUtcNow().ToIso());
        Assert.EndsWith(":00.000Z", lastUsed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_do_not_appear_in_status_or_search()
    {
        await using var service = await AuthenticatedService.Start();
        var before = await (await service.Get("/v1/status")).ReadText();
        var created = await service.CreateKey(Role.Admin);
        Assert.Equal(before, await (await service.Get("/v1/status")).ReadText());
        foreach (var words in new[] { created.Key.Id, "Một+Admin" })
            Assert.DoesNotContain(created.Key.Id, await (await service.Get($"/v1/search?q={words}")).ReadText(), StringComparison.Ordinal);
    }
}
