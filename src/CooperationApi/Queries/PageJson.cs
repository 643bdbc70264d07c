using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Queries;

/// <summary>Builds responses from the stored JSON of records. The JSON is copied without parsing, except to select members.</summary>
internal static class PageJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = ApiJson.Options.Encoder };

    /// <summary>Writes a page: the items, then `next`, `revision`, `total` and `units`.</summary>
    public static byte[] Write(IReadOnlyList<byte[]> items, string? next, long revision, long? total, IReadOnlyList<CurrentUnit>? units)
    {
        var suffix = new StringBuilder();
        if (next is not null)
            suffix.Append(",\"next\":\"").Append(next).Append('"');
        suffix.Append(CultureInfo.InvariantCulture, $",\"revision\":{revision}");
        if (total is not null)
            suffix.Append(CultureInfo.InvariantCulture, $",\"total\":{total}");
        if (units is not null)
            suffix.Append(",\"units\":").Append(JsonSerializer.Serialize(units, ApiJson.Options));
        return Write(items, suffix.Append('}').ToString());
    }

    /// <summary>Writes a page: the items, then the suffix, which starts with a comma and ends with the closing brace.</summary>
    public static byte[] Write(IReadOnlyList<byte[]> items, string suffix)
    {
        var prefix = "{\"items\":["u8;
        var suffixBytes = Encoding.UTF8.GetBytes($"]{suffix}");
        // The buffer has the final size. A growing buffer would be copied several times.
        var page = new byte[prefix.Length + items.Sum(item => item.Length) + Math.Max(0, items.Count - 1) + suffixBytes.Length];
        using var stream = new MemoryStream(page);
        stream.Write(prefix);
        foreach (var (i, item) in items.Index())
        {
            if (i > 0)
                stream.WriteByte((byte)',');
            stream.Write(item);
        }
        stream.Write(suffixBytes);
        return page;
    }

    /// <summary>Returns the JSON of a record with the given members only.</summary>
    public static byte[] PickMembers(byte[] body, IReadOnlyList<string> members)
    {
        using var record = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var member in record.RootElement.EnumerateObject().Where(member => members.Contains(member.Name)))
                member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
