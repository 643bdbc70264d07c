using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// Deserializes JSON strictly and finds all errors at once, each with its pointer. System.Text.Json stops at the first error, and its
/// messages refer to .NET types; so the search runs only after it has failed.
/// </summary>
internal static class StrictJson
{
    /// <summary>The options for received JSON: no duplicate members, and no deeper than the contracts allow.</summary>
    public static readonly JsonDocumentOptions DocumentOptions =
        new() { MaxDepth = ApiJson.Options.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The same depth for a reader; the deserializer rejects duplicate members.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = ApiJson.Options.MaxDepth };

    // Some keyboards and systems send decomposed letters (NFD); stored text is NFC.
    private static readonly JsonSerializerOptions NfcOptions =
        new(ApiJson.Options) { Converters = { new NfcStringConverter(), new ExactDecimalConverter() } };

    /// <summary>
    /// Parses a JSON document, in which all names and strings are valid Unicode. Returns null and adds the errors if it is invalid.
    /// </summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> json, RequestErrors errors, string pointer = "", long firstLine = 1)
    {
        // Some editors add a byte order mark.
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, DocumentOptions);
        }
        catch (Exception exception) when (IsJsonError(exception))
        {
            errors.Add(JsonSyntaxError.Find(json.Span, firstLine) with { Pointer = pointer });
            return null;
        }
        var errorsBefore = errors.Count;
        if (!IsPlainUnicode(JsonMarshal.GetRawUtf8Value(document.RootElement)))
            CollectUnicodeErrors(document.RootElement, pointer, errors);
        if (errors.Count == errorsBefore)
            return document;
        document.Dispose();
        return null;
    }

    /// <summary>
    /// Deserializes JSON with strings normalized to NFC, and rejects null. Throws exceptions that <see cref="IsJsonError"/> accepts.
    /// </summary>
    public static T Deserialize<T>(JsonElement json) =>
        HasNull(json) ? throw new JsonException() : json.Deserialize<T>(NfcOptions)!;

    /// <summary>Deserializes the next value of a reader. The caller ensures that it has no null.</summary>
    public static T Deserialize<T>(ref Utf8JsonReader json) =>
        JsonSerializer.Deserialize<T>(ref json, NfcOptions) ?? throw new JsonException();

    /// <summary>
    /// Returns true if the exception reports invalid JSON. For half a surrogate pair the reader throws
    /// <see cref="InvalidOperationException"/>.
    /// </summary>
    public static bool IsJsonError(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>
    /// Returns all errors of the JSON for the type; one unspecific error if the search finds none.
    /// </summary>
    public static IReadOnlyList<RequestError> FindErrors(JsonElement json, Type type, string pointer = "")
    {
        var errors = new List<RequestError>();
        CollectErrors(json, ApiJson.Options.GetTypeInfo(type), pointer, errors);
        return errors.Count > 0 ? errors : [new("invalid_value") { Pointer = pointer }];
    }

    /// <summary>
    /// Appends the name of a member or the index of an element to a JSON Pointer (RFC 6901). A result over the maximum length, which only
    /// unknown names lead to, is replaced by the pointer of the object that has the member.
    /// </summary>
    public static string AppendPointer(string pointer, string name)
    {
        var result = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        return result.Length <= Limits.MaxPointerLength ? result : pointer;
    }

    /// <summary>
    /// Returns an error for each unknown member of a JSON Merge Patch. The validation of the patched record does not find a member that the
    /// patch removes.
    /// </summary>
    public static IEnumerable<RequestError> FindUnknownMembers(JsonElement patch, Type type, string pointer = "")
    {
        var typeInfo = ApiJson.Options.GetTypeInfo(type);
        if (typeInfo.Kind != JsonTypeInfoKind.Object || patch.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var property in patch.EnumerateObject())
        {
            var memberPointer = AppendPointer(pointer, property.Name);
            if (FindMember(typeInfo, property.Name) is { } member)
            {
                foreach (var error in FindUnknownMembers(property.Value, member.PropertyType, memberPointer))
                    yield return error;
            }
            else
                yield return CreateUnknownMemberError(typeInfo, property.Name, memberPointer);
        }
    }

    // True if the text needs no check of its names and strings: no invalid bytes, no escapes such as `\ud800`, and no noncharacter U+FFFE,
    // which `string.Normalize` rejects.
    private static bool IsPlainUnicode(ReadOnlySpan<byte> json) =>
        Utf8.IsValid(json) && json.IndexOf("\\u"u8) < 0 && json.IndexOf("\uFFFE"u8) < 0;

    private static void CollectUnicodeErrors(JsonElement json, string pointer, RequestErrors errors)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, element) in json.EnumerateArray().Index())
                CollectUnicodeErrors(element, $"{pointer}/{i}", errors);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
            {
                if (TryGetName(property) is { } name)
                    CollectUnicodeErrors(property.Value, AppendPointer(pointer, name), errors);
                else
                    errors.Add(new("invalid_unicode") { Pointer = pointer });
            }
        }
        else if (json.ValueKind == JsonValueKind.String && TryGetString(json) is null)
            errors.Add(new("invalid_unicode") { Pointer = pointer });
    }

    // The serializer rejects null for non-nullable members, but not for the elements of a list.
    private static bool HasNull(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => json.EnumerateArray().Any(HasNull),
        JsonValueKind.Object => json.EnumerateObject().Any(member => HasNull(member.Value)),
        _ => false,
    };

    private static void CollectErrors(JsonElement json, JsonTypeInfo typeInfo, string pointer, List<RequestError> errors)
    {
        if (json.ValueKind == JsonValueKind.Null)
            errors.Add(new("null_value") { Pointer = pointer });
        else if (typeInfo.Kind == JsonTypeInfoKind.Object && json.ValueKind == JsonValueKind.Object)
            CollectMemberErrors(json, typeInfo, pointer, errors);
        else if (typeInfo.Kind == JsonTypeInfoKind.Enumerable && json.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, element) in json.EnumerateArray().Index())
                CollectErrors(element, ApiJson.Options.GetTypeInfo(typeInfo.ElementType!), $"{pointer}/{i}", errors);
        }
        else if (!CanDeserialize(json, typeInfo.Type))
            errors.Add(CreateValueError(json, Nullable.GetUnderlyingType(typeInfo.Type) ?? typeInfo.Type) with { Pointer = pointer });
    }

    private static void CollectMemberErrors(JsonElement json, JsonTypeInfo typeInfo, string pointer, List<RequestError> errors)
    {
        var missingNames = typeInfo.Properties.Where(member => member.IsRequired).Select(member => member.Name).ToList();
        foreach (var property in json.EnumerateObject())
        {
            var memberPointer = AppendPointer(pointer, property.Name);
            missingNames.Remove(property.Name);
            if (FindMember(typeInfo, property.Name) is { } member)
                CollectErrors(property.Value, ApiJson.Options.GetTypeInfo(member.PropertyType), memberPointer, errors);
            else
                errors.Add(CreateUnknownMemberError(typeInfo, property.Name, memberPointer));
        }
        if (missingNames.Count > 0)
            errors.Add(new("required_members_missing", string.Join(", ", missingNames)) { Pointer = pointer });
    }

    private static JsonPropertyInfo? FindMember(JsonTypeInfo typeInfo, string name) =>
        typeInfo.Properties.FirstOrDefault(member => member.Name == name);

    private static RequestError CreateUnknownMemberError(JsonTypeInfo typeInfo, string name, string pointer) =>
        RequestError.NotOneOf("unknown_member", name, [.. typeInfo.Properties.Select(member => member.Name)]) with { Pointer = pointer };

    private static RequestError CreateValueError(JsonElement json, Type expectedType)
    {
        if (json.ValueKind == JsonValueKind.Number && expectedType == typeof(decimal))
            return new("inexact_number");
        if (json.ValueKind == JsonValueKind.Number && (expectedType == typeof(PartialDate) || expectedType == typeof(DateOnly)))
            return new("date_required", json.GetRawText());
        if (json.ValueKind == JsonValueKind.Number && GetTypeErrorCode(expectedType) == "integer_required"
            && json.GetRawText() is var digits && digits.All(char.IsAsciiDigit))
            return new("integer_too_large", digits);
        if (json.ValueKind == JsonValueKind.String)
        {
            var text = json.GetString()!;
            if (expectedType.IsEnum)
                return RequestError.NotOneOf("not_allowed", text, Enum.GetNames(expectedType));
            if (expectedType == typeof(PartialDate))
                return RequestError.InvalidDate("not_a_date", text);
            if (expectedType == typeof(DateOnly))
                return RequestError.InvalidDate("invalid_date", text);
        }
        if (ApiJson.Options.GetTypeInfo(expectedType) is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } elementType })
            return RequestError.ListRequired(ApiJson.Options.GetTypeInfo(elementType).Kind == JsonTypeInfoKind.Object);
        return new(GetTypeErrorCode(expectedType)) { Allowed = expectedType.IsEnum ? Enum.GetNames(expectedType) : null };
    }

    /// <summary>Returns the error code for a value of another JSON type than a member has.</summary>
    private static string GetTypeErrorCode(Type type) => ApiJson.Options.GetTypeInfo(type).Kind switch
    {
        JsonTypeInfoKind.Object => "object_required",
        _ when type == typeof(bool) => "boolean_required",
        _ when type == typeof(decimal) => "number_required",
        _ when type == typeof(int) || type == typeof(long) => "integer_required",
        _ => "text_required",
    };

    private static bool CanDeserialize(JsonElement json, Type type)
    {
        try
        {
            json.Deserialize(type, NfcOptions);
            return true;
        }
        catch (Exception exception) when (IsJsonError(exception))
        {
            return false;
        }
    }

    private static string? TryGetName(JsonProperty member)
    {
        try
        {
            return member.Name.Contains('\uFFFE') ? null : member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TryGetString(JsonElement json)
    {
        try
        {
            return json.GetString() is { } text && !text.Contains('\uFFFE') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class NfcStringConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text ? NormalizeToNfc(text) : null;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        private static string NormalizeToNfc(string text) =>
            IsKnownNfc(text) ? text : text.Contains('\uFFFE') ? throw new JsonException() : text.Normalize();

        // Characters below U+0300 (the first combining mark) and the Vietnamese letters U+1EA0 to U+1EFF are precomposed. This loop takes a
        // tenth of the time of ICU.
        private static bool IsKnownNfc(string text)
        {
            foreach (var character in text)
            {
                if (character is >= '\u0300' and (< '\u1EA0' or > '\u1EFF'))
                    return false;
            }
            return true;
        }
    }
}
