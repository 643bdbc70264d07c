using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>The JSON format that the service, its clients and its files share.</summary>
public static class ApiJson
{
    /// <summary>
    /// The serializer options. Writing: camelCase, enum values by name, no null members, Vietnamese letters unescaped. Reading is strict:
    /// unknown, duplicate and wrongly cased members, nulls for members that require a value, and numbers in quotes are errors.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Escapes only what JSON requires, so that other JSON writers can produce the same bytes. Not safe inside HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 16,
            Converters = { new EnumNameConverterFactory() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
