using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>Reads the parts of responses that tests check.</summary>
internal static class ResponseExtensions
{
    public static Task<byte[]> ReadBytes(this HttpResponseMessage response) =>
        response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    public static Task<string> ReadText(this HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Returns the value of a response or content header, or null.</summary>
    public static string? GetHeader(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>Returns the ETag, which must be present.</summary>
    public static string GetETag(this HttpResponseMessage response) =>
        response.GetHeader("ETag") ?? throw new InvalidOperationException("The response has no ETag.");

    public static List<JsonNode> GetItems(this JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!)];

    public static string GetId(this JsonNode record) => (string)record["id"]!;

    public static List<string> GetIds(this IEnumerable<JsonNode> records) => [.. records.Select(GetId)];

    /// <summary>Returns the errors of a problem as `parameter: code` or `pointer: code`.</summary>
    public static List<string> GetErrors(this JsonNode problem) =>
        [.. problem["errors"]!.AsArray().Select(error => $"{error!["parameter"] ?? error["pointer"]}: {error["code"]}")];
}
