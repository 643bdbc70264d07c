using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>How tests read an answer.</summary>
internal static class Answers
{
    public static Task<byte[]> Bytes(this HttpResponseMessage answer) => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    public static Task<string> Text(this HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>The one value of a header, wherever .NET keeps it; null without it.</summary>
    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>A header that must be there.</summary>
    public static string ETag(this HttpResponseMessage answer) => answer.Header("ETag") ?? throw new InvalidOperationException("There is no ETag.");

    public static List<JsonNode> Items(this JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!)];

    public static string Id(this JsonNode record) => (string)record["id"]!;

    public static List<string> Ids(this IEnumerable<JsonNode> records) => [.. records.Select(Id)];

    /// <summary>The faults of a problem as `parameter: code`.</summary>
    public static List<string> Faults(this JsonNode problem) =>
        [.. problem["errors"]!.AsArray().Select(error => $"{error!["parameter"] ?? error["pointer"]}: {error["code"]}")];
}
