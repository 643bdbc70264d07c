using System.Text;
using System.Text.Json;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// Finds the cause and the position of a syntax error in JSON. The messages of System.Text.Json are English and count bytes from 0.
/// </summary>
internal static class JsonSyntaxError
{
    // The quotation marks that word processors write in place of the straight one, and the primes.
    private const string TypographicQuotes = "\u201C\u201D\u201E\u2018\u2019\u201A\u00AB\u00BB\u2032\u2033";

    /// <summary>
    /// Returns the error in JSON that failed to parse. Lines are counted from <paramref name="firstLine"/>, columns from 1 in characters.
    /// </summary>
    public static RequestError Find(ReadOnlySpan<byte> json, long firstLine)
    {
        if (json.TrimStart(" \t\r\n"u8).IsEmpty)
            return new("body_empty");
        if (json.Length > 1 && (json[0] is 0 or 0xFE or 0xFF || json[1] == 0))
            return new("json_wrong_encoding");
        var reader = new Utf8JsonReader(json, StrictJson.ReaderOptions);
        try
        {
            var memberNames = new Stack<HashSet<string>>();
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    memberNames.Push([]);
                else if (reader.TokenType == JsonTokenType.EndObject)
                    memberNames.Pop();
                else if (reader.TokenType == JsonTokenType.PropertyName && !memberNames.Peek().Add(reader.GetString()!))
                    return CreateError("json_duplicate_member", json, (int)reader.TokenStartIndex, firstLine, reader.GetString()!);
            }
        }
        catch (JsonException exception)
        {
            var position = FindLineStart(json, exception.LineNumber ?? 0) + (int)(exception.BytePositionInLine ?? 0);
            // The depth does not count the list or object whose start is the current token.
            var depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
            return Describe(json, Math.Min(position, json.Length), depth, firstLine);
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair.
        }
        return new("invalid_unicode");
    }

    private static RequestError Describe(ReadOnlySpan<byte> json, int position, int depth, long firstLine)
    {
        if (json[position..].TrimStart(" \t\r\n"u8).IsEmpty)
            return CreateError("json_incomplete", json, position, firstLine);
        if (depth >= StrictJson.ReaderOptions.MaxDepth && json[position] is (byte)'[' or (byte)'{')
            return CreateError("json_too_deep", json, position, firstLine, StrictJson.ReaderOptions.MaxDepth);
        Rune.DecodeFromUtf8(json[position..], out var character, out _);
        if (TypographicQuotes.Contains(character.ToString(), StringComparison.Ordinal))
            return CreateError("json_typographic_quote", json, position, firstLine, character);
        return character.Value is '}' or ']' && json[..position].TrimEnd(" \t\r\n"u8) is [.., (byte)',']
            ? CreateError("json_trailing_comma", json, position, firstLine, character)
            : CreateError("invalid_json", json, position, firstLine, character, $"U+{character.Value:X4}");
    }

    private static RequestError CreateError(string code, ReadOnlySpan<byte> json, int position, long firstLine,
        params ReadOnlySpan<object> arguments)
    {
        var before = json[..position];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = 1;
        foreach (var _ in Encoding.UTF8.GetString(before[lineStart..]).EnumerateRunes())
            column++;
        return new(code, [firstLine + before.Count((byte)'\n'), column, .. arguments]);
    }

    private static int FindLineStart(ReadOnlySpan<byte> json, long lineNumber)
    {
        var start = 0;
        for (; lineNumber > 0; lineNumber--)
            start += json[start..].IndexOf((byte)'\n') + 1;
        return start;
    }
}
