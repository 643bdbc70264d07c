using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Formats;

/// <summary>A member's raw JSON and its token type, which is `None` for an absent member.</summary>
internal readonly record struct CellValue(JsonTokenType Kind, ReadOnlyMemory<byte> Json)
{
    /// <summary>The unescaped text of a string, or the raw JSON of any other value, in UTF-8.</summary>
    public ReadOnlySpan<byte> Text
    {
        get
        {
            if (Kind != JsonTokenType.String)
                return Json.Span;
            if (!Json.Span.Contains((byte)'\\'))
                return Json.Span[1..^1];
            var reader = new Utf8JsonReader(Json.Span);
            reader.Read();
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
    }

    /// <summary>The value of a cell of the type <see cref="Formats.LinkedText"/>.</summary>
    public LinkedText LinkedText =>
        Kind == JsonTokenType.None ? default : JsonSerializer.Deserialize<LinkedText>(Json.Span, ApiJson.Options);
}
