using System.Text;
using System.Text.Json;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// Finds the cause and the position of a syntax error in JSON. The messages of System.Text.Json are English and count bytes from 0.
/// </summary>
internal static class JsonSyntaxError
{
    // The quotation marks that word processors write in place of the straight one, the primes, and the marks of other languages.
    private const string OtherQuotes = "\u201C\u201D\u201E\u2018\u2019\u201A\u00AB\u00BB\u2032\u2033'`";

    // The first bytes of a ZIP archive (workbooks and documents since 2007) and of an OLE file (those before).
    private static readonly byte[] ZipSignature = [0x50, 0x4B, 0x03, 0x04], OleSignature = [0xD0, 0xCF, 0x11, 0xE0];

    /// <summary>
    /// Returns the error in JSON that failed to parse. Lines are counted from <paramref name="firstLine"/>, columns from 1 in characters.
    /// </summary>
    public static RequestError Find(ReadOnlySpan<byte> json, long firstLine)
    {
        if (TrimBlanks(json).IsEmpty)
            return new("body_empty");
        if (json.StartsWith(ZipSignature) || json.StartsWith(OleSignature))
            return new("body_is_archive");
        if (json.Length > 1 && (json[0] is 0 or 0xFE or 0xFF || json[1] == 0))
            return new("json_wrong_encoding");
        var reader = new Utf8JsonReader(json, StrictJson.ReaderOptions);
        // The end of the last token, in bytes.
        var tokenEnd = 0;
        try
        {
            var memberNames = new Stack<HashSet<string>>();
            while (reader.Read())
            {
                tokenEnd = (int)reader.BytesConsumed;
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
            return Describe(json, Math.Min(position, json.Length), new(reader.TokenType, tokenEnd, depth), firstLine);
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair.
        }
        return new("invalid_unicode");
    }

    /// <summary>The last token before the error, the position after it, and the number of open lists and objects.</summary>
    private readonly record struct LastToken(JsonTokenType Type, int End, int Depth)
    {
        public bool IsValue => Type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False
            or JsonTokenType.Null or JsonTokenType.EndObject or JsonTokenType.EndArray;
    }

    private static RequestError Describe(ReadOnlySpan<byte> json, int position, LastToken last, long firstLine)
    {
        if (TrimBlanks(json[position..]).IsEmpty)
            return CreateError("json_incomplete", json, position, firstLine);
        if (last.Depth >= StrictJson.ReaderOptions.MaxDepth && json[position] is (byte)'[' or (byte)'{')
            return CreateError("json_too_deep", json, position, firstLine, StrictJson.ReaderOptions.MaxDepth);
        if (last.Type == JsonTokenType.None)
            position = json.Length - json.TrimStart(" \t\r\n"u8).Length;
        else if (!IsInsideText(json, position, last.End))
            position = FindWordStart(json, position, last.End);
        if (Rune.DecodeFromUtf8(json[position..], out var character, out _) != System.Buffers.OperationStatus.Done)
            return new("json_wrong_encoding");
        return FindCause(json, position, last, character) is var (code, argument)
            ? CreateError(code, json, position, firstLine, argument)
            : last.Type == JsonTokenType.None
                ? new("body_not_json", character)
                : CreateError("invalid_json", json, position, firstLine, character);
    }

    private static (string Code, object Argument)? FindCause(ReadOnlySpan<byte> json, int position, LastToken last, Rune character)
    {
        if (IsInsideText(json, position, last.End))
            return (character.Value < ' ' ? "json_control_character" : "json_invalid_escape", character);
        if (OtherQuotes.Contains(character.ToString(), StringComparison.Ordinal))
            return ("json_typographic_quote", character);
        if (last.Type == JsonTokenType.None)
            return null;
        if (last.Depth == 0 && last.IsValue)
            return ("json_text_after_end", character);
        var before = TrimBlanks(json[Math.Min(last.End, position)..position]);
        if (character.Value is '}' or ']' && before is [(byte)','])
            return ("json_trailing_comma", character.ToString());
        if (character.Value is '"' or '{' or '[' or '}' or ']' or ':' or ',')
        {
            var beginsValue = character.Value is '"' or '{' or '[';
            return last.IsValue && before.IsEmpty && beginsValue ? ("json_missing_comma", character.ToString()) : null;
        }
        if (last.Type == JsonTokenType.Number && (before.IsEmpty || IsNumberPart(json[position]))
            || position > 0 && IsNumberPart(json[position - 1]) || character.Value is '+' or '.')
            return ("json_invalid_number", character);
        if (last.Type == JsonTokenType.String && before.IsEmpty && character.Value != '/')
            return ("json_unescaped_quote", character);
        return Rune.IsLetter(character) ? ("json_unquoted_text", character) : null;
    }

    // A token is complete at its closing quotation mark, so an odd number of marks follows the last token.
    private static bool IsInsideText(ReadOnlySpan<byte> json, int position, int tokenEnd)
    {
        var isInside = false;
        for (var i = tokenEnd; i < position; i++)
        {
            if (json[i] == '\\')
                i++;
            else
                isInside ^= json[i] == '"';
        }
        return isInside;
    }

    // The reader reports the first letter that differs from `true`, `false` or `null`, as in `thăm`.
    private static int FindWordStart(ReadOnlySpan<byte> json, int position, int tokenEnd)
    {
        while (position > tokenEnd && json[position - 1] is >= (byte)'a' and <= (byte)'z')
            position--;
        return position;
    }

    private static bool IsNumberPart(byte value) => value is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'-';

    private static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> json) => json.Trim(" \t\r\n"u8);

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
