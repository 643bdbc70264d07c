using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Keys;

/// <summary>`/v1/keys`: keys are made, exchanged and revoked by Admins alone, and hold or fail at once.</summary>
public sealed class KeyTests
{
    private static JsonObject Editor => new() { ["name"] = "Sở Nội vụ", ["role"] = "Editor" };

    [Theory]
    [InlineData(null, 401, "key_missing")]
    [InlineData(Role.Reader, 403, "role_insufficient")]
    [InlineData(Role.Editor, 403, "role_insufficient")]
    public async Task Who_is_no_admin_can_do_nothing_with_keys(Role? role, int status, string code)
    {
        await using var service = await Guarded.Start();
        var other = await service.Make(Role.Admin);
        var key = role is { } its ? await service.Key(its) : null;
        var document = await service.Document();
        var calls = document.Operations.Where(operation => operation.Path.StartsWith("/v1/keys", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, calls.Count(call => call.TakesKey));
        foreach (var call in calls)
        {
            using var answer = await service.Send(call.Method, call.ExampleAddress.Replace("k3j9x2ab", other.Key.Id, StringComparison.Ordinal), key, call.ExampleBody);
            var problem = await Api.ProblemOf(status, answer);
            Assert.Equal(code, (string?)problem["code"]);
            Assert.Empty(document.Faults(problem, call.Schema(status), call.Id));
            Assert.Equal("Bearer realm=\"CooperationApi\"" + (status == 403 ? ", error=\"insufficient_scope\", scope=\"Admin\"" : ""), answer.Header("WWW-Authenticate"));
        }
        Assert.Equal(200, await service.Status("/v1/keys", other.Secret));
    }

    [Fact]
    public async Task Every_documented_call_is_answered_as_its_schema_says()
    {
        await using var service = await Guarded.Start();
        var admin = await service.Key();
        var document = await service.Document();
        foreach (var call in document.Operations.Where(operation => operation.Path.StartsWith("/v1/keys", StringComparison.Ordinal)))
        {
            var id = (await service.Make(Role.Editor, ["ha-noi"])).Key.Id;
            if (call.ExampleBody is { } example)
                Assert.Empty(document.Faults(example, call.BodySchema, call.Id));
            using var answer = await service.Send(call.Method, call.ExampleAddress.Replace("k3j9x2ab", id, StringComparison.Ordinal), admin, call.ExampleBody);
            var status = (int)answer.StatusCode;
            Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), call.Statuses.Take(1));
            Assert.All(call.Headers(status).Where(header => header.Name is not ("Link" or "RateLimit" or "RateLimit-Policy" or "Vary")),
                header => Assert.Empty(document.Faults(JsonValue.Create(answer.Header(header.Name)), header.Schema, header.Name)));
            if (status != 204)
                Assert.Empty(document.Faults(JsonNode.Parse(await answer.Text()), call.Schema(status), call.Id));
            else
                Assert.Equal("", await answer.Text());
        }
    }

    [Fact]
    public async Task A_key_is_shown_once_and_works()
    {
        await using var service = await Guarded.Start();
        var admin = await service.Make(Role.Admin);
        using var answer = await service.Send("POST", "/v1/keys", admin.Secret, new JsonObject { ["name"] = "Sở Nội vụ", ["role"] = "Admin", ["expiresAt"] = "2099-01-01T00:00:00+07:00" });
        Assert.Equal((HttpStatusCode.Created, "no-store"), (answer.StatusCode, answer.Header("Cache-Control")));
        var made = JsonNode.Parse(await answer.Text())!;
        var (secret, id) = ((string)made["secret"]!, made["key"]!.Id());
        Assert.Equal($"/v1/keys/{id}", answer.Header("Location"));
        Assert.Matches($"^coop_{id}_[A-Za-z0-9_-]{{43}}$", secret);
        Assert.Equal(("2098-12-31T17:00:00.000Z", $"Một Admin ({admin.Key.Id})"), ((string?)made["key"]!["expiresAt"], (string?)made["key"]!["madeBy"]));
        var listed = await service.Json(HttpStatusCode.OK, "GET", "/v1/keys", secret);
        Assert.Equal([id, admin.Key.Id], listed.Items().Ids());
        Assert.DoesNotContain(secret[14..], listed.ToJsonString(), StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(made["key"], await service.Json(HttpStatusCode.OK, "GET", $"/v1/keys/{id}", admin.Secret)));
        Assert.DoesNotContain(secret[14..], Encoding.Latin1.GetString(await File.ReadAllBytesAsync(service.StorePath, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_by_the_next_request_and_stays_listed()
    {
        await using var service = await Guarded.Start();
        var (admin, made) = (await service.Key(), await service.Make(Role.Reader));
        Assert.Equal(200, await service.Status("/v1/status", made.Secret));
        for (var i = 0; i < 2; i++)
        {
            using var answer = await service.Send("DELETE", $"/v1/keys/{made.Key.Id}", admin);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal("key_revoked", await service.Refused(401, "GET", "/v1/status", made.Secret));
        }
        Assert.NotNull((await service.Json(HttpStatusCode.OK, "GET", $"/v1/keys/{made.Key.Id}", admin))["revokedAt"]);
        Assert.Single(service.Log, line => line.StartsWith($"CooperationApi.Access: Revoked {made.Key.Id} by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_has_expired_is_refused()
    {
        await using var service = await Guarded.Start();
        var made = await service.Make(Role.Reader, expiresAt: service.Clock.GetUtcNow().AddHours(1).ToIso());
        Assert.Equal(200, await service.Status("/v1/status", made.Secret));
        service.Clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal("key_expired", await service.Refused(401, "GET", "/v1/status", made.Secret));
    }

    [Fact]
    public async Task Admins_can_not_lock_everybody_out()
    {
        await using var service = await Guarded.Start();
        var (one, other) = (await service.Make(Role.Admin), await service.Make(Role.Admin));
        var expired = await service.Make(Role.Admin, expiresAt: service.Clock.GetUtcNow().AddMinutes(1).ToIso());
        service.Clock.Pass(TimeSpan.FromMinutes(2));
        using (var answer = await service.Send("DELETE", $"/v1/keys/{other.Key.Id}", one.Secret))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("last_admin_key", await service.Refused(409, "DELETE", $"/v1/keys/{one.Key.Id}", one.Secret));
        using (var answer = await service.Send("DELETE", $"/v1/keys/{expired.Key.Id}", one.Secret))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(200, await service.Status("/v1/keys", one.Secret));
    }

    [Fact]
    public async Task A_key_is_exchanged_with_an_overlap()
    {
        await using var service = await Guarded.Start();
        var (admin, old) = (await service.Key(), await service.Make(Role.Editor, ["ha-noi"], service.Clock.GetUtcNow().AddDays(30).ToIso()));
        service.Clock.Pass(TimeSpan.FromDays(20));
        var made = await service.Json(HttpStatusCode.Created, "POST", $"/v1/keys/{old.Key.Id}/rotate", admin, new JsonObject());
        var secret = (string)made["secret"]!;
        Assert.Equal(("Editor", "[\"ha-noi\"]"), ((string?)made["key"]!["role"], made["key"]!["provinceIds"]!.ToJsonString()));
        Assert.Equal(made["key"]!.Id(), (string?)(await service.Json(HttpStatusCode.OK, "GET", $"/v1/keys/{old.Key.Id}", admin))["replacedBy"]);
        Assert.Equal((200, 200), (await service.Status("/v1/status", old.Secret), await service.Status("/v1/status", secret)));
        Assert.Equal("key_over", await service.Refused(409, "POST", $"/v1/keys/{old.Key.Id}/rotate", admin, new JsonObject()));
        service.Clock.Pass(TimeSpan.FromDays(7));
        Assert.Equal("key_expired", await service.Refused(401, "GET", "/v1/status", old.Secret));
        Assert.Equal(200, await service.Status("/v1/status", secret));
        service.Clock.Pass(TimeSpan.FromDays(23));
        Assert.Equal("key_expired", await service.Refused(401, "GET", "/v1/status", secret));
    }

    [Fact]
    public async Task A_key_that_leaked_is_exchanged_without_an_overlap_and_one_never_lives_longer_for_it()
    {
        await using var service = await Guarded.Start();
        var (admin, leaked, ending) = (await service.Key(), await service.Make(Role.Reader), await service.Make(Role.Reader, expiresAt: service.Clock.GetUtcNow().AddDays(1).ToIso()));
        await service.Json(HttpStatusCode.Created, "POST", $"/v1/keys/{leaked.Key.Id}/rotate", admin, new JsonObject { ["overlapDays"] = 0 });
        Assert.Equal("key_expired", await service.Refused(401, "GET", "/v1/status", leaked.Secret));
        await service.Json(HttpStatusCode.Created, "POST", $"/v1/keys/{ending.Key.Id}/rotate", admin, new JsonObject { ["overlapDays"] = 90 });
        service.Clock.Pass(TimeSpan.FromDays(1));
        Assert.Equal("key_expired", await service.Refused(401, "GET", "/v1/status", ending.Secret));
    }

    [Theory]
    [InlineData("GET", "/v1/keys/nobody00", 404, "record_not_found")]
    [InlineData("GET", "/v1/keys/Nobody", 404, "not_found")]
    [InlineData("DELETE", "/v1/keys/nobody00", 404, "record_not_found")]
    [InlineData("DELETE", "/v1/keys", 405, "method_not_allowed")]
    [InlineData("PUT", "/v1/keys/nobody00", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/keys/nobody00?force=true", 400, "invalid_request")]
    [InlineData("GET", "/v1/keys?limit=0&cursor=x&role=Admin", 400, "invalid_request")]
    public async Task What_can_not_be_done_with_keys_is_refused(string method, string address, int status, string code)
    {
        await using var service = await Guarded.Start();
        Assert.Equal(code, await service.Refused(status, method, address, await service.Key()));
    }

    [Fact]
    public async Task Keys_come_in_pages_the_newest_first()
    {
        await using var service = await Guarded.Start();
        var admin = await service.Make(Role.Admin);
        var made = new List<string> { admin.Key.Id };
        for (var i = 0; i < 4; i++)
        {
            service.Clock.Pass(TimeSpan.FromSeconds(1));
            made.Insert(0, (await service.Make(Role.Reader)).Key.Id);
        }
        var seen = new List<string>();
        for (var next = "/v1/keys?limit=2"; next is not null;)
        {
            using var answer = await service.Send("GET", next, admin.Secret);
            var page = JsonNode.Parse(await answer.Text())!;
            seen.AddRange(page.Items().Ids());
            next = page["next"] is { } cursor ? $"/v1/keys?limit=2&cursor={cursor}" : null;
            Assert.Equal(next is null ? null : $"<{next}>; rel=\"next\"", answer.Header("Link"));
        }
        Assert.Equal(made, seen);
    }

    [Fact]
    public async Task What_is_about_keys_is_kept_by_nobody_but_has_a_tag()
    {
        await using var service = await Guarded.Start();
        var admin = await service.Key();
        using var answer = await service.Send("GET", "/v1/keys", admin);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        using var again = await service.Send("GET", "/v1/keys", admin, null, $"If-None-Match: {answer.ETag()}");
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var head = await service.Send("HEAD", "/v1/keys", admin);
        Assert.Equal((HttpStatusCode.OK, answer.ETag()), (head.StatusCode, head.ETag()));
        Assert.Equal("not_acceptable", await service.Refused(406, "GET", "/v1/keys", admin, null, "Accept: text/csv"));
        Assert.Equal("not_acceptable", await service.Refused(406, "POST", "/v1/keys", admin, Editor, "Accept: text/csv"));
        Assert.Single((await service.Json(HttpStatusCode.OK, "GET", "/v1/keys", admin)).Items());
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_known_to_the_minute_after_the_service_ended()
    {
        await using var service = await Guarded.Start();
        var (admin, made) = (await service.Key(), await service.Make(Role.Reader));
        service.Clock.Pass(TimeSpan.FromDays(1));
        var before = service.Clock.GetUtcNow().AddMinutes(-1).ToIso();
        await service.Status("/v1/status", made.Secret);
        await service.Restart();
        var used = (string?)(await service.Json(HttpStatusCode.OK, "GET", $"/v1/keys/{made.Key.Id}", admin))["usedAt"];
        Assert.InRange(used!, before, service.Clock.GetUtcNow().ToIso());
        Assert.EndsWith(":00.000Z", used, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_no_records()
    {
        await using var service = await Guarded.Start();
        var before = await (await service.Get("/v1/status")).Text();
        var made = await service.Make(Role.Admin);
        Assert.Equal(before, await (await service.Get("/v1/status")).Text());
        foreach (var words in new[] { made.Key.Id, "Một+Admin" })
            Assert.DoesNotContain(made.Key.Id, await (await service.Get($"/v1/search?q={words}")).Text(), StringComparison.Ordinal);
    }
}
