using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Bench;

namespace CooperationApi.Faults;

/// <summary>A write that the service acknowledged: the record, its number, and what it then said.</summary>
internal sealed record Acknowledged(string Id, long Revision, string Name);

/// <summary>Makes records and changes them, one write after another, and remembers what was acknowledged.</summary>
internal sealed class Writer(string name, string key)
{
    private int made;
    private string? tag;

    /// <summary>All that was acknowledged, in order.</summary>
    public List<Acknowledged> Acknowledged { get; } = [];

    /// <summary>Makes a record, or changes the one that it made last. Throws what the connection throws, and a <see cref="MeasurementException"/> for any refusal.</summary>
    public async Task Write(HttpClient client, CancellationToken cancel)
    {
        var isNew = tag is null || made % 3 != 0;
        if (isNew)
            tag = null;
        made++;
        var id = isNew ? $"thu-{name}-{made}" : Acknowledged[^1].Id;
        var said = $"Thử {name} {made}";
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/organizations/{id}") { Content = new StringContent(Record(said), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation(isNew ? "If-None-Match" : "If-Match", isNew ? "*" : tag);
        using var answer = await client.SendAsync(request, cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
            throw new MeasurementException($"{id}: {(int)answer.StatusCode} {body}");
        using var record = JsonDocument.Parse(body);
        Acknowledged.Add(new(id, record.RootElement.GetProperty("revision").GetInt64(), said));
        tag = answer.Headers.ETag!.ToString();
    }

    /// <summary>Forgets the state that it knows: after a kill, the last write may have been kept without being acknowledged.</summary>
    public void Forget() => tag = null;

    private static string Record(string said) => new JsonObject
    {
        ["name"] = said,
        ["kind"] = "Other",
        ["provinceId"] = "hung-yen-2025",
        ["citations"] = new JsonArray(new JsonObject
        {
            ["sourceId"] = "ha-noi-thai-binh-2019-10-26",
            ["locator"] = string.Create(CultureInfo.InvariantCulture, $"đoạn {said.Length}"),
            ["supports"] = new JsonArray("name"),
            ["basis"] = "Referenced",
        }),
    }.ToJsonString();
}
