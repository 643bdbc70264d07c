using System.Text;
using System.Text.Json;

namespace CooperationApi.Formats;

/// <summary>A value as it stands in the JSON, and what it is: a text, a number, a truth value, an object or list, or nothing.</summary>
internal readonly record struct CellValue(JsonTokenType Kind, ReadOnlyMemory<byte> Json)
{
    /// <summary>What it says, in UTF-8: the text itself, and of anything else its JSON.</summary>
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
}
