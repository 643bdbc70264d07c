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
    public static byte[] Page(IReadOnlyList<byte[]> items, string? next, long revision, long? total, IReadOnlyList<UnitOnPage>? units = null)
    {
        var rest = new StringBuilder();
        if (next is not null)
            rest.Append(",\"next\":\"").Append(next).Append('"');
        rest.Append(CultureInfo.InvariantCulture, $",\"revision\":{revision}");
        if (total is not null)
            rest.Append(CultureInfo.InvariantCulture, $",\"total\":{total}");
        if (units is not null)
            rest.Append(",\"units\":").Append(JsonSerializer.Serialize(units, Wire.Json));
        return Page(items, rest.Append('}').ToString());
    }

    /// <summary>A page: its items' JSON, and what stands behind them, from the comma on.</summary>
    public static byte[] Page(IReadOnlyList<byte[]> items, string rest)
    {
        var begin = "{\"items\":["u8;
        var end = Encoding.UTF8.GetBytes($"]{rest}");
        // As long as it is going to be: a page that grows is copied again and again.
        var page = new byte[begin.Length + items.Sum(item => item.Length) + Math.Max(0, items.Count - 1) + end.Length];
        using var stream = new MemoryStream(page);
        stream.Write(begin);
        foreach (var (i, item) in items.Index())
        {
            if (i > 0)
                stream.WriteByte((byte)',');
            stream.Write(item);
        }
        stream.Write(end);
        return page;
    }

    /// <summary>The JSON of what is no record, but listed like one.</summary>
    public static byte[] Of<T>(T item) => JsonSerializer.SerializeToUtf8Bytes(item, Wire.Json);

    /// <summary>The given members of a record.</summary>
    public static byte[] Select(byte[] body, IReadOnlyList<string> members)
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
        return buffer.WrittenSpan.ToArray();
    }
}
