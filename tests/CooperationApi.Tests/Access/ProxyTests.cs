using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Storage;
using CooperationApi.Tests.Features.Records;
using CooperationApi.Tests.Sync;

namespace CooperationApi.Tests.Access;

/// <summary>Tests of the service behind reverse proxies that compress responses, under a path prefix.</summary>
public sealed class ProxyTests : IAsyncDisposable
{
    private const string RecordPath = "v1/organizations/so-du-lich-hung-yen";

    // Their default buffering and compression, in the form that breaks most: every JSON response is compressed.
    private const string NginxConfiguration =
        """
        daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 1;
        events {}
        http {
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            gzip on; gzip_types application/json; gzip_proxied any; gzip_min_length 1;
            server {
                listen 127.0.0.1:{port};
                location /cooperation/ {
                    proxy_pass http://{service}/;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Forwarded-Prefix /cooperation;
                }
            }
        }

        """;

    private const string HaproxyConfiguration =
        """
        defaults
            mode http
            timeout connect 5s
            timeout client 60s
            timeout server 60s
        frontend cooperation
            bind 127.0.0.1:{port}
            filter compression
            compression algo gzip
            compression type application/json
            option forwardfor
            http-request set-header X-Forwarded-Prefix /cooperation
            http-request replace-path ^/cooperation(/.*)$ \1
            default_backend service
        backend service
            server service {service}

        """;

    private readonly TempFolder folder = new();
    private readonly HttpClient client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.GZip });
    private AuthenticatedService service = null!;
    private Process? proxy;
    private string key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        proxy?.Kill(entireProcessTree: true);
        proxy?.Dispose();
        if (service is not null)
            await service.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Record_is_read_and_edited_twice_with_the_ETags_of_the_proxy(string program)
    {
        await StartBehind(program);
        using var created = await Send("PUT", RecordPath, RecordWriteTests.CreateOrganization(), ifNoneMatch: "*");
        Assert.Equal((201, "/cooperation/" + RecordPath), ((int)created.StatusCode, created.Headers.Location?.ToString()));
        foreach (var name in new[] { "Sở Du lịch", "Sở Du lịch tỉnh Hưng Yên" })
        {
            using var read = await Send("GET", RecordPath);
            Assert.True(read.Headers.ETag!.IsWeak, "The proxy did not compress the response.");
            using var notModified = await Send("GET", RecordPath, ifNoneMatch: read.GetETag());
            Assert.Equal(304, (int)notModified.StatusCode);
            using var patched = await Send("PATCH", RecordPath, new JsonObject { ["name"] = name }, ifMatch: read.GetETag());
            Assert.True(patched.IsSuccessStatusCode, await patched.ReadText());
            using var stale = await Send("PATCH", RecordPath, new JsonObject { ["name"] = "Tên khác" }, ifMatch: read.GetETag());
            Assert.Equal(412, (int)stale.StatusCode);
        }
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Links_have_the_prefix_of_the_proxy(string program)
    {
        await StartBehind(program);
        using var page = await Send("GET", "v1/provinces?limit=1");
        var next = Assert.Single(page.Headers.GetValues("Link")).Split('>')[0].TrimStart('<');
        Assert.StartsWith("/cooperation/v1/provinces?", next, StringComparison.Ordinal);
        using var nextPage = await client.GetAsync(new Uri(client.BaseAddress!, next), Cancel);
        Assert.Equal(200, (int)nextPage.StatusCode);
        using var root = await Send("GET", "");
        Assert.Contains("<a href=\"/cooperation/about\">", await root.ReadText(), StringComparison.Ordinal);
        using var direct = await service.Get("/v1/provinces?limit=1");
        Assert.StartsWith("</v1/provinces?", direct.GetHeader("Link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Event_stream_passes_the_proxy_without_delay(string program)
    {
        await StartBehind(program);
        using var request = CreateRequest("GET", "v1/changes/live");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        // A proxy that collects bytes would wait for the next comment, 15 seconds later, and for many more to fill its buffer.
        Assert.Equal(": connected", await lines.ReadLineAsync(Cancel));
        using var created = await Send("PUT", RecordPath, RecordWriteTests.CreateOrganization(), ifNoneMatch: "*");
        Assert.Equal(201, (int)created.StatusCode);
        while (await lines.ReadLineAsync(Cancel) is { } line)
        {
            Assert.NotEqual(": keep-alive", line);
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains("so-du-lich-hung-yen", StringComparison.Ordinal))
                return;
        }
        Assert.Fail("The stream ended.");
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Interrupted_download_is_resumed_through_the_proxy(string program)
    {
        await StartBehind(program, ("Exports:Enabled", "true"));
        var file = (await service.WaitForLatestExport())["files"]![0]!;
        var path = ((string)file["link"]!).TrimStart('/');
        using var whole = await Send("GET", path);
        var bytes = await whole.Content.ReadAsByteArrayAsync(Cancel);
        using var request = CreateRequest("GET", path);
        request.Headers.Range = new RangeHeaderValue(100, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);
        using var rest = await client.SendAsync(request, Cancel);
        Assert.Equal(206, (int)rest.StatusCode);
        Assert.Equal(bytes[100..], await rest.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Copy_is_created_and_updated_through_the_proxy(string program)
    {
        await StartBehind(program, ("Exports:Enabled", "true"));
        await service.WaitForLatestExport();
        var copy = folder.GetPath("copy.db");
        for (var run = 0; run < 2; run++)
        {
            var (exitCode, lines, error) = await SyncProcess.Run("--from", client.BaseAddress!.ToString(), "--to", copy);
            Assert.True(exitCode == 0, error);
            Assert.Equal((await service.GetService<Database>().Read(Database.ReadVersion, Cancel)).Revision, (long)lines[^1]["revision"]!);
            using var created = await Send("PUT", RecordPath, RecordWriteTests.CreateOrganization(), ifNoneMatch: "*");
        }
    }

    [Fact]
    public async Task Forwarded_header_from_an_untrusted_proxy_is_logged_once()
    {
        service = await AuthenticatedService.Start();
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, await service.GetStatusCode("/v1/provinces/ha-noi", null, "X-Forwarded-For: 192.0.2.1"));
        Assert.Single(service.Log, line => line.Contains("X-Forwarded-For from 127.0.0.1 is ignored", StringComparison.Ordinal));
    }

    private async Task StartBehind(string program, params (string Name, string Value)[] settings)
    {
        Prerequisite.Require(ExternalProgram.AreInstalled(program) || File.Exists("/usr/sbin/" + program), $"{program} is not installed.");
        service = await AuthenticatedService.Start([("Access:TrustedProxies", "127.0.0.1"), .. settings]);
        key = await service.CreateKeySecret();
        var port = FindFreePort();
        var file = folder.GetPath("proxy.conf");
        await File.WriteAllTextAsync(file, (program == "nginx" ? NginxConfiguration : HaproxyConfiguration)
            .Replace("{folder}", Path.GetDirectoryName(file), StringComparison.Ordinal)
            .Replace("{port}", $"{port}", StringComparison.Ordinal)
            .Replace("{service}", service.Address.Authority, StringComparison.Ordinal), Cancel);
        var executable = File.Exists("/usr/sbin/" + program) ? "/usr/sbin/" + program : program;
        proxy = Process.Start(new ProcessStartInfo(executable, program == "nginx" ? ["-e", "stderr", "-c", file] : ["-db", "-f", file])
        {
            RedirectStandardError = true,
        });
        _ = proxy!.StandardError.ReadToEndAsync(Cancel);
        client.BaseAddress = new($"http://127.0.0.1:{port}/cooperation/");
        while (!await IsReady())
        {
            Assert.False(proxy.HasExited, $"{program} has exited.");
            await Task.Delay(50, Cancel);
        }
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var response = await client.GetAsync(new Uri("health/ready", UriKind.Relative), Cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<HttpResponseMessage> Send(string method, string path, JsonNode? body = null, string? ifMatch = null,
        string? ifNoneMatch = null)
    {
        using var request = CreateRequest(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8,
                method == "PATCH" ? "application/merge-patch+json" : "application/json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await client.SendAsync(request, Cancel);
    }

    private HttpRequestMessage CreateRequest(string method, string path) =>
        new(new(method), new Uri(client.BaseAddress!, path)) { Headers = { Authorization = new("Bearer", key) } };

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
