using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Http.OpenApi;

/// <summary>
/// Compares the document with the responses in both directions: each operation is sent so that each documented status occurs. A status,
/// header, media type or body that is not documented is a difference, and so is a documented one that no response has.
/// </summary>
public sealed class ServedContractTests : IAsyncDisposable
{
    // Statuses that need a defect of the service.
    private static readonly string[] DefectStatuses = ["500", "default"];

    // A conflict needs records that only some types have; it must occur for one operation of the kind.
    private const string ConflictStatus = "409";

    private const string Existing = "ban-sao", Merged = "da-gop", Deleted = "da-xoa", Redacted = "da-bien-tap", NotAnId = "khong_co";

    private static readonly string ForeignCursor = PageCursor.Encode("changes\n\n", "a", 1L, 0L, 0L);

    private readonly List<string> differences = [];
    private readonly HashSet<string> sent = [];
    private AuthenticatedService service = null!, limitedService = null!, lostService = null!;
    private OpenApiSpec document = null!;
    private ExampleRecords examples = null!;
    private string adminKey = "", readerKey = "", limitedKey = "", lostKey = "";

    public async ValueTask DisposeAsync()
    {
        foreach (var started in (AuthenticatedService?[])[service, limitedService, lostService])
        {
            if (started is not null)
                await started.DisposeAsync();
        }
    }

    [Fact]
    public async Task Responses_have_only_what_the_document_describes_and_all_of_it()
    {
        await StartServices();
        foreach (var operation in document.Operations)
        {
            await SendInvalidRequests(operation);
            await (operation switch
            {
                { Method: "GET" } => SendRead(operation),
                { Collection: "keys" } => SendKeyRequest(operation),
                { Id: "importBundle" } => SendImport(operation),
                { Id: "replaceSourceText" } => SendSourceText(operation),
                _ => SendRecordWrite(operation),
            });
        }
        var documented = document.Operations.SelectMany(operation => operation.Statuses.Except(DefectStatuses)
            .SelectMany(status => DescribeParts(operation, status)));
        differences.AddRange(documented.Where(part => !sent.Contains(part)).Select(part => $"Documented but not sent: {part}"));
        Assert.True(differences.Count == 0, string.Join('\n', differences.Distinct()));
    }

    private static IEnumerable<string> DescribeParts(OpenApiSpec.Operation operation, string status)
    {
        // Operations of one kind, such as all merges, have the same conflicts.
        var name = status == ConflictStatus ? operation.Id[..operation.Id.IndexOfAny([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])] : operation.Id;
        var number = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
        // Operations with the same response component have its headers for the same reasons.
        var response = operation.GetResponseName(status);
        return [
            $"{name} {status}",
            .. operation.GetHeaders(number).Select(header => $"{response} {header.Name}"),
            .. operation.GetMediaTypes(number).Select(mediaType => $"{name} {status} {mediaType}")];
    }

    private async Task StartServices()
    {
        // With a limit and with restricted origins, the service sends all headers that depend on the settings.
        (string, string)[] settings = [("Limits:AnonymousRequestsPerMinute", "100000"), ("Limits:KeyRequestsPerMinute", "100000"),
            ("Access:AllowedOrigins", "https://portal.example"), ("Exports:Enabled", "true"), ("Logging:LogLevel:Default", "None")];
        service = await AuthenticatedService.Start(settings);
        (adminKey, readerKey) = (await service.CreateKeySecret(), await service.CreateKeySecret(Role.Reader));
        document = await service.GetOpenApi();
        examples = new(document);
        await service.WaitForLatestExport();
        limitedService = await AuthenticatedService.Start([.. settings, ("Limits:AnonymousRequestsPerMinute", "1"),
            ("Limits:KeyRequestsPerMinute", "1")]);
        limitedKey = await limitedService.CreateKeySecret();
        Assert.Equal(200, await limitedService.GetStatusCode("/v1/status"));
        Assert.Equal(200, await limitedService.GetStatusCode("/v1/status", limitedKey));
        lostService = await AuthenticatedService.Start(settings);
        lostKey = await lostService.CreateKeySecret();
        await lostService.WaitForLatestExport();
        TestStore.Remove(lostService.StorePath);
        foreach (var type in examples.Types)
        {
            foreach (var id in (string[])[Existing, Merged, Deleted, Redacted])
                await CreateCopy(type, id);
            await service.SendForJson(System.Net.HttpStatusCode.OK, "POST", $"/v1/{type}/{Merged}/merge-into/{Existing}", adminKey);
            using var deleted = await service.Send("DELETE", $"/v1/{type}/{Deleted}", adminKey, null, "If-Match: *");
            Assert.Equal(204, (int)deleted.StatusCode);
            await service.SendForJson(System.Net.HttpStatusCode.OK, "POST", $"/v1/{type}/{Redacted}/redact", adminKey,
                new JsonObject { ["reason"] = "Nhập nhầm" });
        }
    }

    private async Task CreateCopy(string type, string id) => await service.SendForJson(System.Net.HttpStatusCode.OK, "POST", "/v1/imports",
        adminKey, new JsonObject { [type] = new JsonArray(examples.CreateCopy(type, id)) });

    /// <summary>Sends the requests that every operation rejects for the same reason.</summary>
    private async Task SendInvalidRequests(OpenApiSpec.Operation operation)
    {
        // Failed attempts and the limit of the limited service are counted per minute.
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var address = operation.ExampleAddress;
        await Send(operation, 400, address + (address.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "key=x");
        await Send(operation, 401, address, headers: "Authorization: Bearer coop_x");
        if (operation.Statuses.Contains("403"))
            await Send(operation, 403, address, headers: $"Authorization: Bearer {readerKey}");
        if (operation.Collection == "meetings" && operation.Method == "GET")
            await Send(operation, 400, $"{address}?khong-co=1");
        if (operation.Statuses.Contains("406"))
            await Send(operation, 406, address, CreateBody(operation), headers: "Accept: image/png");
        if (operation.Statuses.Contains("415"))
        {
            var compressed = new StringContent("{}", Encoding.UTF8, operation.ExampleBodyType);
            compressed.Headers.ContentEncoding.Add("gzip");
            await Send(operation, 415, address, compressed, "If-Match: *");
            await Send(operation, 415, address, new StringContent("{}", Encoding.UTF8, "text/html"), "If-Match: *");
        }
        if (operation.Statuses.Contains("429"))
        {
            using var counted = await limitedService.Send(operation.Method, address, null, Authorize(operation, limitedKey));
            await Record(operation, 429, await limitedService.Send(operation.Method, address, null, Authorize(operation, limitedKey)));
        }
        if (operation.Statuses.Contains("503"))
            await Record(operation, 503, await lostService.Send(operation.Method, address, CreateBody(operation),
                [.. Authorize(operation, lostKey), "If-Match: *"]));
    }

    private async Task SendRead(OpenApiSpec.Operation operation)
    {
        var address = operation.ExampleAddress;
        if (operation.Collection == "keys")
            address = operation.Path.Replace("{keyId}", (await service.CreateKey(Role.Reader)).Key.Id, StringComparison.Ordinal);
        if (operation.Id == "streamChanges")
        {
            using var stream = await Record(operation, 200, await service.OpenStream(address, Origin));
            await Send(operation, 410, $"{operation.Path}?cursor={ForeignCursor}");
            return;
        }
        if (operation.Collection == "exports")
            await service.WaitForLatestExport();
        using var response = await Send(operation, 200, address);
        if (operation.Path.EndsWith("/revisions", StringComparison.Ordinal))
            await Send(operation, 200, $"{Replace(operation, Deleted)}?limit=1");
        else if (operation.IsList)
            await Send(operation, 200, $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1");
        foreach (var mediaType in operation.GetMediaTypes(200).Where(type => type.StartsWith("text/csv", StringComparison.Ordinal)
            || type.Contains("ndjson", StringComparison.Ordinal) || type.Contains("sheet", StringComparison.Ordinal)))
            await Send(operation, 200, address, headers: $"Accept: {mediaType}");
        if (operation.Statuses.Contains("304"))
            await Send(operation, 304, address, headers: $"If-None-Match: {response.GetHeader("ETag")}");
        if (operation.Path.Contains("{recordId}", StringComparison.Ordinal))
        {
            await Send(operation, 404, Replace(operation, NotAnId));
            if (operation.Statuses.Contains("308"))
                await Send(operation, 308, Replace(operation, Merged));
            if (operation.Statuses.Contains("410"))
                await Send(operation, 410, Replace(operation, Deleted));
        }
        else if (operation.Collection == "keys" && operation.Statuses.Contains("404"))
            await Send(operation, 404, operation.Path.Replace("{keyId}", "aaaaaaaa", StringComparison.Ordinal));
        else if (operation.Collection == "changes" && operation.Statuses.Contains("410"))
            await Send(operation, 410, $"{operation.Path}?cursor={ForeignCursor}");
        else if (operation.Id == "getExportFile")
            await SendExportFile(operation);
        else if (operation.Id == "getLatestExport")
        {
            await using var withoutExports = await AuthenticatedService.Start(("Limits:AnonymousRequestsPerMinute", "9"),
                ("Access:AllowedOrigins", "https://portal.example"));
            await Record(operation, 404, await withoutExports.Get(address, Origin));
        }
    }

    private async Task SendExportFile(OpenApiSpec.Operation operation)
    {
        var link = (string)(await service.WaitForLatestExport())["files"]!.AsArray()
            .First(file => (string)file!["compression"]! == "zstd")!["link"]!;
        await Send(operation, 200, link);
        await Send(operation, 200, "/v1/exports/latest/manifest.json");
        await Send(operation, 206, link, headers: "Range: bytes=0-9");
        await Send(operation, 206, operation.ExampleAddress, headers: "Range: bytes=0-9");
        await Send(operation, 416, link, headers: "Range: bytes=999999999-");
        await Send(operation, 404, "/v1/exports/latest/khong-co.csv.gz");
        // The last statement of the list is not the example of another operation.
        using var statements = await service.Get("/v1/statements?sort=-id&limit=1");
        var id = JsonNode.Parse(await statements.ReadText())!["items"]![0]!.GetId();
        using var redaction = await service.Send("POST", $"/v1/statements/{id}/redact", adminKey,
            new JsonObject { ["reason"] = "Nhập nhầm" });
        await Send(operation, 410, link);
    }

    private async Task SendKeyRequest(OpenApiSpec.Operation operation)
    {
        string GetAddress(string id) => operation.Path.Replace("{keyId}", id, StringComparison.Ordinal);

        var key = (await service.CreateKey(Role.Reader)).Key.Id;
        await Send(operation, operation.Method == "DELETE" ? 204 : 201, GetAddress(key), CreateBody(operation));
        if (operation.Path.Contains('{', StringComparison.Ordinal))
            await Send(operation, 404, GetAddress("aaaaaaaa"), CreateBody(operation));
        if (operation.Statuses.Contains("413"))
            await Send(operation, 413, GetAddress(key), CreateLargeContent(1_000_001), "Expect: 100-continue");
        // A rotated key cannot be rotated again. The last Admin key of a service cannot be revoked.
        if (operation.Id == "rotateKey")
            await Send(operation, 409, GetAddress(key), CreateBody(operation));
        if (operation.Id == "revokeKey")
            await Send(operation, 409, GetAddress(adminKey.Split('_')[1]));
    }

    private async Task SendImport(OpenApiSpec.Operation operation)
    {
        await Send(operation, 200, operation.Path, CreateBody(operation));
        var changed = new JsonObject { ["meetings"] = new JsonArray(examples.CreateCopy("meetings", Existing, " (sửa)")) };
        await Send(operation, 409, operation.Path, CreateContent(changed));
    }

    private async Task SendSourceText(OpenApiSpec.Operation operation)
    {
        static StringContent CreateText(string text) => new(text, Encoding.UTF8, "text/plain");

        await Send(operation, 200, Replace(operation, Existing), CreateText("Một"));
        await Send(operation, 204, Replace(operation, Existing), CreateText("Hai"), "Prefer: return=minimal");
        await Send(operation, 404, Replace(operation, NotAnId), CreateText("Một"));
        var organization = examples.CreateCopy("organizations", "trich-dan");
        organization["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = Existing,
            ["quote"] = "Hai",
            ["supports"] = new JsonArray("name", "kind"),
            ["basis"] = "Stated",
        });
        await service.SendForJson(System.Net.HttpStatusCode.OK, "POST", "/v1/imports", adminKey,
            new JsonObject { ["organizations"] = new JsonArray(organization) });
        await Send(operation, 409, Replace(operation, Existing), CreateText("Ba"));
        await Send(operation, 410, Replace(operation, Deleted), CreateText("Một"));
        await Send(operation, 413, Replace(operation, Existing), CreateLargeContent(10_000_001, "text/plain"), "Expect: 100-continue");
    }

    private async Task SendRecordWrite(OpenApiSpec.Operation operation)
    {
        var type = operation.Collection;
        // The purge after a redaction excludes other writers.
        await TestStore.WaitForPurge(service.StorePath);
        var copy = await CreateOwnCopy(type);
        HttpContent? CreateRecord(string id, string suffix = "") => operation.Id switch
        {
            ['r', 'e', 'd', ..] => CreateContent(new JsonObject { ["reason"] = "Nhập nhầm" }),
            _ when operation.Method is "PUT" or "PATCH" => CreateContent(examples.CreateCopy(type, id, suffix), operation.ExampleBodyType),
            _ => null,
        };
        if (operation.Method == "PUT")
        {
            var created = $"moi-{Guid.NewGuid():n}";
            await Send(operation, 201, Replace(operation, created), CreateRecord(created), "If-None-Match: *");
            created += "-hai";
            await Send(operation, 201, Replace(operation, created), CreateRecord(created), "If-None-Match: *", "Prefer: return=minimal");
        }
        if (operation.Statuses.Contains("412"))
            await Send(operation, 412, Replace(operation, copy), CreateRecord(copy, " (sửa)"), "If-Match: \"x-1\"");
        if (operation.Statuses.Contains("428"))
            await Send(operation, 428, Replace(operation, copy), CreateRecord(copy));
        if (operation.Statuses.Contains("413"))
            await Send(operation, 413, Replace(operation, copy),
                CreateLargeContent(1_000_001, operation.ExampleBodyType), "If-Match: *", "Expect: 100-continue");
        await Send(operation, 404, Replace(operation, NotAnId), CreateRecord(NotAnId), "If-Match: *");
        if (operation.Statuses.Contains("410"))
            await Send(operation, 410, Replace(operation, Redacted), CreateRecord(Redacted), "If-Match: *");
        if (operation.Statuses.Contains("204") && operation.Method != "DELETE")
            await Send(operation, 204, Replace(operation, copy), CreateRecord(copy, " (sửa)"), "If-Match: *", "Prefer: return=minimal");
        if (operation.Statuses.Contains(ConflictStatus))
            await SendConflict(operation);
        var success = operation.Method == "DELETE" ? 204 : 200;
        await Send(operation, success, Replace(operation, copy), CreateRecord(copy, " (lại)"), "If-Match: *");
    }

    private async Task SendConflict(OpenApiSpec.Operation operation)
    {
        if (!operation.Id.StartsWith("merge", StringComparison.Ordinal))
        {
            // Other records of the seed data refer to the examples, except of these types.
            if (operation.Collection is not ("commitments" or "results"))
            {
                var id = examples.FindId(operation.Collection)!;
                await Send(operation, 409, Replace(operation, id), CreateBody(operation), "If-Match: *");
            }
        }
        else if (operation.Collection == "provinces")
            // The successor would be its own predecessor.
            await Send(operation, 409, "/v1/provinces/thai-binh/merge-into/hung-yen-2025");
    }

    private async Task<string> CreateOwnCopy(string type)
    {
        var id = $"rieng-{Guid.NewGuid():n}";
        await CreateCopy(type, id);
        return id;
    }

    private static string Replace(OpenApiSpec.Operation operation, string recordId) =>
        operation.Path.Replace("{recordId}", recordId, StringComparison.Ordinal).Replace("{targetId}", Existing, StringComparison.Ordinal);

    private const string Origin = "Origin: https://portal.example";

    /// <summary>Creates a body of spaces.</summary>
    private static ByteArrayContent CreateLargeContent(int length, string mediaType = "application/json")
    {
        var spaces = new byte[length];
        Array.Fill(spaces, (byte)' ');
        return new(spaces) { Headers = { ContentType = new(mediaType) } };
    }

    private static StringContent CreateContent(JsonNode body, string mediaType = "application/json") =>
        new(body.ToJsonString(), Encoding.UTF8, mediaType);

    private static StringContent? CreateBody(OpenApiSpec.Operation operation) => operation.ExampleBody is { } body
        ? new StringContent(body is JsonValue ? (string)body! : body.ToJsonString(), Encoding.UTF8, operation.ExampleBodyType)
        : null;

    private static string[] Authorize(OpenApiSpec.Operation operation, string key) =>
        operation.RequiresKey ? [Origin, $"Authorization: Bearer {key}"] : [Origin];

    private async Task<HttpResponseMessage> Send(OpenApiSpec.Operation operation, int status, string address, HttpContent? body = null,
        params string[] headers)
    {
        string[] credentials = headers.Any(header => header.StartsWith("Authorization", StringComparison.Ordinal))
            ? [Origin] : Authorize(operation, adminKey);
        return await Record(operation, status, await service.Send(operation.Method, address, body, [.. credentials, .. headers]));
    }

    /// <summary>Compares a response with the document, and records its status, headers and media type.</summary>
    private async Task<HttpResponseMessage> Record(OpenApiSpec.Operation operation, int status, HttpResponseMessage response)
    {
        var name = $"{operation.Method} {response.RequestMessage!.RequestUri!.PathAndQuery}";
        if ((int)response.StatusCode != status)
            differences.Add($"{name}: expected {status} but was {(int)response.StatusCode}");
        differences.AddRange(await document.FindDifferences(operation, response));
        var text = $"{(int)response.StatusCode}";
        if (!operation.Statuses.Contains(text))
            return response;
        var statusName = DescribeParts(operation, text).First();
        sent.UnionWith([
            statusName,
            .. response.Headers.Concat(response.Content.Headers).Select(header => $"{operation.GetResponseName(text)} {header.Key}"),
            $"{statusName} {response.Content.Headers.ContentType?.MediaType}"]);
        return response;
    }
}
