using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// What keeps JSON from being read as a shape of the contracts: all of it at once, each with its pointer, in words for whoever wrote the
/// JSON. The reader itself stops at the first and speaks of this program's insides, so it is asked first and this only when it has refused.
/// </summary>
internal static class StrictJson
{
    /// <summary>How JSON that somebody sends is parsed: no member twice, and no deeper than any shape is.</summary>
    public static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = ApiJson.Options.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The same for a reader: members that stand twice are refused by what reads a shape from it.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = ApiJson.Options.MaxDepth };

    // Some keyboards and systems take letters and their marks apart; kept is how the marks stand on the letters.
    private static readonly JsonSerializerOptions NfcOptions = new(ApiJson.Options) { Converters = { new NfcStringConverter() } };

    /// <summary>The value that the JSON has, its texts in Unicode normalisation form C. "No value" is a member left out, never null. Throws what <see cref="IsJsonError"/> knows.</summary>
    public static T Deserialize<T>(JsonElement json) =>
        HasNull(json) ? throw new JsonException("There is no null here: what has no value is left out.") : json.Deserialize<T>(NfcOptions)!;

    /// <summary>The same, of JSON in which there is no null.</summary>
    public static T Deserialize<T>(ref Utf8JsonReader json) => JsonSerializer.Deserialize<T>(ref json, NfcOptions) ?? throw new JsonException();

    /// <summary>Whether an exception of the reader speaks of the JSON. Half of a surrogate pair is told as an operation that is not valid.</summary>
    public static bool IsJsonError(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>What the parser says of text that is no JSON.</summary>
    public static RequestError ToInvalidJsonError(Exception exception, string pointer = "") =>
        new("invalid_json", exception.Message.Split(" Path: ")[0]) { Pointer = pointer };

    /// <summary>Everything in the JSON that doesn't fit the shape; if nothing is found, what the reader said when it refused.</summary>
    public static IReadOnlyList<RequestError> FindErrors(JsonElement json, Type type, Exception exception, string pointer = "")
    {
        var errors = new List<RequestError>();
        CollectErrors(json, ApiJson.Options.GetTypeInfo(type), pointer, errors);
        return errors.Count > 0 ? errors : [ToInvalidJsonError(exception, pointer)];
    }

    /// <summary>A member's or an element's pointer (RFC 6901).</summary>
    public static string AppendPointer(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    // The serializer refuses null for members that must have a value, but not among the elements of a list.
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
            if (TryGetName(property) is not { } name)
            {
                errors.Add(new("invalid_unicode") { Pointer = pointer });
                continue;
            }
            missingNames.Remove(name);
            if (typeInfo.Properties.FirstOrDefault(member => member.Name == name) is { } propertyInfo)
                CollectErrors(property.Value, ApiJson.Options.GetTypeInfo(propertyInfo.PropertyType), AppendPointer(pointer, name), errors);
            else
                errors.Add(new("unknown_member", name) { Pointer = AppendPointer(pointer, name), Suggestion = ClosestMatch.Find(name, typeInfo.Properties.Select(member => member.Name)) });
        }
        if (missingNames.Count > 0)
            errors.Add(new("required_members_missing", string.Join(", ", missingNames)) { Pointer = pointer });
    }

    private static RequestError CreateValueError(JsonElement json, Type expectedType)
    {
        if (json.ValueKind != JsonValueKind.String)
            return new("wrong_type");
        if (TryGetString(json) is not { } text)
            return new("invalid_unicode");
        return expectedType switch
        {
            { IsEnum: true } => RequestError.NotOneOf("not_allowed", text, Enum.GetNames(expectedType)),
            _ when expectedType == typeof(PartialDate) => new("not_a_date", text),
            _ when expectedType == typeof(DateOnly) => new("invalid_date", text),
            _ => new("wrong_type"),
        };
    }

    private static bool CanDeserialize(JsonElement json, Type type)
    {
        try
        {
            json.Deserialize(type, ApiJson.Options);
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
            return member.Name;
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
            return json.GetString();
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

        // What isn't Unicode has no form: the rules, which look for it, refuse it.
        private static string NormalizeToNfc(string text) => IsKnownNfc(text) ? text : text.Normalize();

        // Latin letters of before the first mark that stands alone, and the Vietnamese ones, have their marks on them: to look costs a tenth of what ICU takes.
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
