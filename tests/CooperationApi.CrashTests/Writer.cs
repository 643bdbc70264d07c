using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench;

namespace CooperationApi.CrashTests;

/// <summary>A write that the service acknowledged: the id and name of the record, and its revision.</summary>
internal sealed record AcknowledgedWrite(string Id, long Revision, string Name);

/// <summary>Creates and replaces records, one write after another, and stores the acknowledged writes.</summary>
internal sealed class Writer(string name, string key)
{
    private int writeCount;

    /// <summary>The acknowledged writes, in order.</summary>
    public List<AcknowledgedWrite> Writes { get; } = [];

    /// <summary>The ETag of the last acknowledged write; null if the next write creates a record.</summary>
    public string? ETag { get; private set; }

    /// <summary>
    /// Creates a record or replaces the last one. Throws the exception of a failed connection, and a <see cref="MeasurementException"/> for
    /// any unsuccessful status code.
    /// </summary>
    public async Task Write(HttpClient client, CancellationToken cancel)
    {
        if (await TryWrite(client, cancel) is { } problem)
            throw new MeasurementException(problem);
    }

    /// <summary>
    /// Writes like <see cref="Write"/>, but returns the problem document of a response 503; null if the write was acknowledged.
    /// </summary>
    public async Task<string?> TryWrite(HttpClient client, CancellationToken cancel)
    {
        var isNew = ETag is null || writeCount % 3 != 0;
        writeCount++;
        var id = isNew ? $"thu-{name}-{writeCount}" : Writes[^1].Id;
        var recordName = $"Thử {name} {writeCount}";
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/organizations/{id}")
        { Content = new StringContent(CreateRecord(recordName), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation(isNew ? "If-None-Match" : "If-Match", isNew ? "*" : ETag);
        using var response = await client.SendAsync(request, cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            return $"{id}: {body}";
        if (!response.IsSuccessStatusCode)
            throw new MeasurementException($"{id}: {(int)response.StatusCode} {body}");
        using var record = JsonDocument.Parse(body);
        Writes.Add(new(id, record.RootElement.GetProperty("revision").GetInt64(), recordName));
        ETag = response.Headers.ETag!.ToString();
        return null;
    }

    /// <summary>
    /// Forgets the last ETag. After a kill, it can be outdated, because the last write may be committed without an acknowledgment.
    /// </summary>
    public void ForgetETag() => ETag = null;

    /// <summary>Returns the JSON of an organization without its id.</summary>
    public static string CreateRecord(string recordName) => new JsonObject
    {
        ["name"] = recordName,
        ["kind"] = "Other",
        ["provinceId"] = "hung-yen-2025",
        ["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = "ha-noi-thai-binh-2019-10-26",
            ["locator"] = string.Create(CultureInfo.InvariantCulture, $"đoạn {recordName.Length}"),
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        }),
    }.ToJsonString();
}
