using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Resources;

/// <summary>Puts together what is sent from the records' JSON as it is kept, without reading it where it can be sent as it stands.</summary>
internal static class Bodies
{
    private static readonly JsonWriterOptions AsOnTheWire = new() { Encoder = Wire.Json.Encoder };

    /// <summary>A page: its items' JSON, then `next`, `revision`, `total` and `units`.</summary>
    public static byte[] Page(IEnumerable<string> items, string? next, long revision, long? total, IReadOnlyList<UnitOnPage>? units = null)
    {
        var page = new StringBuilder("{\"items\":[").AppendJoin(',', items).Append(']');
        if (next is not null)
            page.Append(",\"next\":\"").Append(next).Append('"');
        page.Append(CultureInfo.InvariantCulture, $",\"revision\":{revision}");
        if (total is not null)
            page.Append(CultureInfo.InvariantCulture, $",\"total\":{total}");
        if (units is not null)
            page.Append(",\"units\":").Append(Of(units));
        return Encoding.UTF8.GetBytes(page.Append('}').ToString());
    }

    /// <summary>The JSON of what is no record, but listed like one.</summary>
    public static string Of<T>(T item) => JsonSerializer.Serialize(item, Wire.Json);

    /// <summary>The given members of a record.</summary>
    public static string Select(string body, IReadOnlyList<string> members)
    {
        using var record = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AsOnTheWire))
        {
            writer.WriteStartObject();
            foreach (var member in record.RootElement.EnumerateObject().Where(member => members.Contains(member.Name)))
                member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
