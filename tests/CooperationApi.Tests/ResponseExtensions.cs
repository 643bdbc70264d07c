using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>How tests read an answer.</summary>
internal static class ResponseExtensions
{
    public static Task<byte[]> ReadBytes(this HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    public static Task<string> ReadText(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>The one value of a header, wherever .NET keeps it; null without it.</summary>
    public static string? GetHeader(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>A header that must be there.</summary>
    public static string GetETag(this HttpResponseMessage response) => response.GetHeader("ETag") ?? throw new InvalidOperationException("There is no ETag.");

    public static List<JsonNode> GetItems(this JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!)];

    public static string GetId(this JsonNode record) => (string)record["id"]!;

    public static List<string> GetIds(this IEnumerable<JsonNode> records) => [.. records.Select(GetId)];

    /// <summary>The faults of a problem as `parameter: code`.</summary>
    public static List<string> GetErrors(this JsonNode problem) =>
        [.. problem["errors"]!.AsArray().Select(error => $"{error!["parameter"] ?? error["pointer"]}: {error["code"]}")];
}
