using System.Text.Json;
using System.Text.Json.Serialization;

namespace CooperationApi.Contracts;

/// <summary>Reads and writes enum values by their exact names. The built-in JsonStringEnumConverter ignores case when it reads.</summary>
internal sealed class EnumNameConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(EnumNameConverter<>).MakeGenericType(typeToConvert))!;
}

/// <inheritdoc cref="EnumNameConverterFactory"/>
internal sealed class EnumNameConverter<T> : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && Enum.GetNames<T>().Contains(name)
            ? Enum.Parse<T>(name)
            : throw new JsonException($"Expected one of: {string.Join(", ", Enum.GetNames<T>())}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
