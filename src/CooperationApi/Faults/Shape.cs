using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CooperationApi.Contracts;

namespace CooperationApi.Faults;

/// <summary>
/// What keeps JSON from being read as a shape of the contracts: all of it at once, each with its pointer, in words for whoever wrote the
/// JSON. The reader itself stops at the first and speaks of this program's insides, so it is asked first and this only when it has refused.
/// </summary>
internal static class Shape
{
    /// <summary>How JSON that somebody sends is parsed: no member twice, and no deeper than any shape is.</summary>
    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = Wire.Json.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The same for a reader: members that stand twice are refused by what reads a shape from it.</summary>
    public static readonly JsonReaderOptions StrictReader = new() { MaxDepth = Wire.Json.MaxDepth };

    // Some keyboards and systems take letters and their marks apart; kept is how the marks stand on the letters.
    private static readonly JsonSerializerOptions Composing = new(Wire.Json) { Converters = { new ComposedText() } };

    /// <summary>The value that the JSON has, its texts in Unicode normalisation form C. "No value" is a member left out, never null. Throws what <see cref="IsUnreadable"/> knows.</summary>
    public static T Read<T>(JsonElement json) =>
        HasNull(json) ? throw new JsonException("There is no null here: what has no value is left out.") : json.Deserialize<T>(Composing)!;

    /// <summary>The same, of JSON in which there is no null.</summary>
    public static T Read<T>(ref Utf8JsonReader json) => JsonSerializer.Deserialize<T>(ref json, Composing) ?? throw new JsonException();

    /// <summary>Whether an exception of the reader speaks of the JSON. Half of a surrogate pair is told as an operation that is not valid.</summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>What the parser says of text that is no JSON.</summary>
    public static Fault Unreadable(Exception exception, string pointer = "") =>
        new("invalid_json", exception.Message.Split(" Path: ")[0]) { Pointer = pointer };

    /// <summary>Everything in the JSON that doesn't fit the shape; if nothing is found, what the reader said when it refused.</summary>
    public static IReadOnlyList<Fault> FaultsOf(JsonElement json, Type shape, Exception refused, string pointer = "")
    {
        var faults = new List<Fault>();
        Compare(json, Wire.Json.GetTypeInfo(shape), pointer, faults);
        return faults.Count > 0 ? faults : [Unreadable(refused, pointer)];
    }

    /// <summary>A member's or an element's pointer (RFC 6901).</summary>
    public static string Under(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    // The serializer refuses null for members that must have a value, but not among the elements of a list.
    private static bool HasNull(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => json.EnumerateArray().Any(HasNull),
        JsonValueKind.Object => json.EnumerateObject().Any(member => HasNull(member.Value)),
        _ => false,
    };

    private static void Compare(JsonElement json, JsonTypeInfo shape, string pointer, List<Fault> faults)
    {
        if (json.ValueKind == JsonValueKind.Null)
            faults.Add(new("null_value") { Pointer = pointer });
        else if (shape.Kind == JsonTypeInfoKind.Object && json.ValueKind == JsonValueKind.Object)
            CompareMembers(json, shape, pointer, faults);
        else if (shape.Kind == JsonTypeInfoKind.Enumerable && json.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, element) in json.EnumerateArray().Index())
                Compare(element, Wire.Json.GetTypeInfo(shape.ElementType!), $"{pointer}/{i}", faults);
        }
        else if (!IsRead(json, shape.Type))
            faults.Add(OfValue(json, Nullable.GetUnderlyingType(shape.Type) ?? shape.Type) with { Pointer = pointer });
    }

    private static void CompareMembers(JsonElement json, JsonTypeInfo shape, string pointer, List<Fault> faults)
    {
        var missing = shape.Properties.Where(member => member.IsRequired).Select(member => member.Name).ToList();
        foreach (var given in json.EnumerateObject())
        {
            if (NameOf(given) is not { } name)
            {
                faults.Add(new("invalid_text") { Pointer = pointer });
                continue;
            }
            missing.Remove(name);
            if (shape.Properties.FirstOrDefault(member => member.Name == name) is { } known)
                Compare(given.Value, Wire.Json.GetTypeInfo(known.PropertyType), Under(pointer, name), faults);
            else
                faults.Add(new("unknown_member", name) { Pointer = Under(pointer, name), Suggestion = Nearest.To(name, shape.Properties.Select(member => member.Name)) });
        }
        if (missing.Count > 0)
            faults.Add(new("members_missing", string.Join(", ", missing)) { Pointer = pointer });
    }

    private static Fault OfValue(JsonElement json, Type expected)
    {
        if (json.ValueKind != JsonValueKind.String)
            return new("wrong_type");
        if (TextOf(json) is not { } text)
            return new("invalid_text");
        return expected switch
        {
            { IsEnum: true } => Fault.NotAmong("not_allowed", text, Enum.GetNames(expected)),
            _ when expected == typeof(PartialDate) => new("not_a_date", text),
            _ when expected == typeof(DateOnly) => new("invalid_date", text),
            _ => new("wrong_type"),
        };
    }

    private static bool IsRead(JsonElement json, Type type)
    {
        try
        {
            json.Deserialize(type, Wire.Json);
            return true;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return false;
        }
    }

    private static string? NameOf(JsonProperty member)
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

    private static string? TextOf(JsonElement json)
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

    private sealed class ComposedText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text ? Compose(text) : null;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        // What isn't Unicode has no form: the rules, which look for it, refuse it.
        private static string Compose(string text) => IsComposed(text) ? text : text.Normalize();

        // Latin letters of before the first mark that stands alone, and the Vietnamese ones, have their marks on them: to look costs a tenth of what ICU takes.
        private static bool IsComposed(string text)
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
