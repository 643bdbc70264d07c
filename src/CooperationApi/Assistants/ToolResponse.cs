using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using ModelContextProtocol.Protocol;

namespace CooperationApi.Assistants;

/// <summary>Creates the responses of tools. An assistant pays for each byte that it reads, so a response has a maximum size.</summary>
internal static class ToolResponse
{
    /// <summary>Bytes of the JSON text.</summary>
    public const int MaxBytes = 4000;

    private const string ShortenedName = "shortened";

    // The members by which the assistant finds the whole record.
    private static readonly string[] KeptNames = ["type", "id", "link", "revision", "message", ShortenedName];

    /// <summary>
    /// Creates a response. If the content is too large, its largest members lose their last elements or characters; the member `shortened`
    /// names them.
    /// </summary>
    public static CallToolResult Create(JsonObject content, bool isError = false)
    {
        for (var size = CountBytes(content); size > MaxBytes; size = CountBytes(content))
        {
            var (name, value) = content.Where(member => !KeptNames.Contains(member.Key)).MaxBy(member => CountBytes(member.Value));
            if (content[ShortenedName] is not JsonArray shortened)
                content[ShortenedName] = shortened = [];
            if (!shortened.Any(item => (string?)item == name))
                shortened.Add(name);
            Shorten(content, name, value, size - MaxBytes);
        }
        return new() { Content = [new TextContentBlock { Text = content.ToJsonString(ApiJson.Options) }], IsError = isError };
    }

    /// <summary>Removes the members without a value.</summary>
    public static JsonObject RemoveNulls(JsonObject content)
    {
        foreach (var (name, _) in content.Where(member => member.Value is null).ToList())
            content.Remove(name);
        return content;
    }

    private static void Shorten(JsonObject content, string name, JsonNode? value, int excess)
    {
        switch (value)
        {
            case JsonArray { Count: > 1 } items:
                for (; excess > 0 && items.Count > 1; items.RemoveAt(items.Count - 1))
                    excess -= CountBytes(items[^1]) + 1;
                break;
            case JsonValue text when text.TryGetValue<string>(out var characters) && characters.EnumerateRunes().Count() > 1:
                var runes = characters.EnumerateRunes().ToList();
                content[name] = string.Concat(runes.Take(runes.Count / 2)) + "…";
                break;
            default:
                content.Remove(name);
                break;
        }
    }

    private static int CountBytes(JsonNode? node) => node is null ? 4 : Encoding.UTF8.GetByteCount(node.ToJsonString(ApiJson.Options));
}
