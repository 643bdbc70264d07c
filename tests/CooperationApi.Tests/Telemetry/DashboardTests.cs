using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CooperationApi.Tests.Features.Records;

namespace CooperationApi.Tests.Telemetry;

/// <summary>
/// Scrapes the metrics with Prometheus itself, and evaluates the expressions of the dashboard and of the alert rules. Of the parsers that
/// NuGet has for the text format, none is maintained.
/// </summary>
public sealed partial class DashboardTests
{
    // Each label has few values: names of routes, codes, roles, methods, buckets and parts of the program.
    private static readonly string[] AllowedLabels =
    [
        "__name__", "job", "instance", "le", "quantile", "otel_scope_name", "service_name", "service_version", "service_instance_id",
        "telemetry_sdk_name", "telemetry_sdk_language", "telemetry_sdk_version", "http_request_method", "http_response_status_code",
        "http_route", "url_scheme", "server_address", "server_port", "network_transport", "network_type", "network_protocol_name",
        "network_protocol_version", "tls_protocol_version", "error_type", "db_system_name", "db_operation_name",
        "db_client_connection_pool_name", "cooperation_problem_code", "cooperation_caller_role", "cooperation_response_cache_result",
        "aspnetcore_request_is_unhandled", "gc_heap_generation", "cpu_mode",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_finds_every_series_of_the_dashboard_and_of_the_alert_rules()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("prometheus", "promtool"), "Prometheus is not installed.");
        using var folder = new TempFolder();
        var store = await folder.CreateStore();
        await using var service = await ServiceProcess.Start(store, ("Exports__Enabled", "true"), ("SelfCheck__IntervalMinutes", "60"));
        var key = (await CliProcess.Run("keys", "add", "--name", "Thử", "--role", "Admin", $"--Storage:Path={store}")).Output.Trim();
        using var client = new HttpClient { BaseAddress = service.Address };
        using var prometheus =
            await PrometheusServer.Start(service.Address, Path.Combine(RepositoryFiles.Root, "docs/operations/alerts.yaml"));
        await WaitFor("the first scrape", async () => await prometheus.Query("up{job=\"cooperation\"}") is ["1"]);
        await SendRequests(client, key, "mot-co-quan");
        await WaitFor("a scrape", async () => await prometheus.Query("cooperation_authenticated_requests_total") is [_, ..]);
        await SendRequests(client, key, "co-quan-khac");

        var expressions = ReadDashboard();
        Assert.True(expressions.Count >= 20);
        foreach (var expression in expressions)
        {
            await WaitFor(expression, async () => await prometheus.Query(expression) is [_, ..] values && !values.Contains("NaN"));
        }
        var rules = (await prometheus.Get("rules"))!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        Assert.True(rules.Count >= 10);
        Assert.All(rules, rule => Assert.Equal("ok", (string?)rule!["health"]));
        var names = (await prometheus.Get("label/__name__/values"))!.AsArray().Select(name => (string)name!).ToList();
        foreach (var expression in expressions.Concat(rules.Select(rule => (string)rule!["query"]!)))
        {
            Assert.Empty(MetricPattern().Matches(LabelsPattern().Replace(expression, "")).Select(match => match.Value).Except(names));
            Assert.Empty(LabelNamePattern().Matches(expression).Select(match => match.Groups["name"].Value).Except(AllowedLabels));
        }

        var series = (await prometheus.Get("series?match[]={job=\"cooperation\"}"))!.AsArray();
        Assert.Empty(series.SelectMany(labels => labels!.AsObject()).Select(label => label.Key).Distinct().Except(AllowedLabels));
        var text = Encoding.UTF8.GetString(await client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative), Cancel));
        foreach (var part in new[] { "thai-binh", "mot-co-quan", "Hưng", "bi-mat", "nowhere", key.Split('_')[1], "coop_" })
            Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase);
        await File.WriteAllTextAsync(folder.GetPath("metrics"), text, Cancel);
        var check = await ExternalProgram.Run("bash", ["-c", "promtool check metrics <metrics"], folder.GetPath(""));
        // The runtime of .NET has names that promtool does not advise.
        Assert.All(check.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("dotnet_", line));
    }

    private static async Task SendRequests(HttpClient client, string key, string newId)
    {
        string[] addresses =
            ["/v1/provinces?q=Hưng&limit=3", "/v1/provinces?q=Hưng&limit=3", "/v1/provinces/thai-binh", "/provinces/thai-binh",
                "/v1/provinces?limit=x", "/v1/nowhere?bi-mat=3", "/v1/keys", "/health/ready"];
        foreach (var address in addresses)
            (await Send("GET", address)).Dispose();
        var organization = RecordWriteTests.CreateOrganization("Một cơ quan");
        using var saved = await Send("PUT", $"/v1/organizations/{newId}", ("If-None-Match", "*"),
            new StringContent(organization.ToJsonString(), Encoding.UTF8, "application/json"));
        Assert.Equal(201, (int)saved.StatusCode);
        using var head = await Send("GET", "/v1/changes/head");
        (await Send("GET", $"/v1/changes?cursor={JsonNode.Parse(await head.ReadText())!["cursor"]}")).Dispose();

        async Task<HttpResponseMessage> Send(string method, string address, (string Name, string Value)? header = null,
            HttpContent? content = null)
        {
            using var request = new HttpRequestMessage(new(method), new Uri(address, UriKind.Relative)) { Content = content };
            if (address.StartsWith("/v1/keys", StringComparison.Ordinal) || method == "PUT")
                request.Headers.Authorization = new("Bearer", key);
            if (header is var (name, value))
                request.Headers.TryAddWithoutValidation(name, value);
            return await client.SendAsync(request, Cancel);
        }
    }

    /// <summary>Returns the expressions of the dashboard with the values of its variables.</summary>
    private static List<string> ReadDashboard() =>
        [.. JsonNode.Parse(RepositoryFiles.ReadText("docs/operations/dashboard.json"))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => ((string)target!["expr"]!)
                .Replace("$__rate_interval", "30s", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal))];

    private static async Task WaitFor(string condition, Func<Task<bool>> isMet)
    {
        for (var attempt = 0; !await isMet(); attempt++)
        {
            Assert.True(attempt < 300, $"Not met within 60 s: {condition}");
            await Task.Delay(200, Cancel);
        }
    }

    // The labels of a selector or of a grouping.
    [GeneratedRegex(@"\{.*?\}|\b(by|on|without|ignoring) ?\(.*?\)")]
    private static partial Regex LabelsPattern();

    [GeneratedRegex(@"(?<name>\w+)(?==~|=""|!=|!~)")]
    private static partial Regex LabelNamePattern();

    [GeneratedRegex(@"\b(?!histogram_quantile)[a-z]+_\w+\b|\bup\b")]
    private static partial Regex MetricPattern();
}
