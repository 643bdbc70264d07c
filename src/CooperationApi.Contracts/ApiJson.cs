using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>The one way in which this service, its clients and its files write and read JSON.</summary>
public static class ApiJson
{
    /// <summary>
    /// camelCase, enum values by name, members without a value left out, Vietnamese unescaped; read strictly:
    /// unknown, repeated or wrongly-cased members, nulls and numbers in quotes are refused.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Escapes what JSON demands and nothing else, so that any other writer of JSON comes to the same bytes. Never for a page of HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 16,
            Converters = { new EnumNameConverterFactory() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
