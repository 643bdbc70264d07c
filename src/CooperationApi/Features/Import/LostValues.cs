using System.Text.Json;
using CooperationApi.Http;

namespace CooperationApi.Features.Import;

/// <summary>
/// Finds the values of a record that its replacement does not have: members, and entries of lists. An entry is lost if the new list has no
/// equal entry at any position, so a new order loses nothing. Values are equal if their JSON texts are equal: one writer produces both
/// documents.
/// </summary>
internal static class LostValues
{
    /// <summary>Returns JSON pointers into the stored record, in the order of the record.</summary>
    public static IEnumerable<string> Find(JsonElement stored, JsonElement replacement, string pointer = "") =>
        (stored.ValueKind, replacement.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => stored.EnumerateObject().SelectMany(member =>
                FindInMember(member, replacement, StrictJson.AppendPointer(pointer, member.Name))),
            (JsonValueKind.Array, JsonValueKind.Array) => FindEntries(stored, replacement, pointer),
            _ when stored.GetRawText() == replacement.GetRawText() => [],
            _ => [pointer],
        };

    private static IEnumerable<string> FindInMember(JsonProperty member, JsonElement replacement, string pointer) =>
        replacement.TryGetProperty(member.Name, out var value) ? Find(member.Value, value, pointer) : [pointer];

    private static IEnumerable<string> FindEntries(JsonElement stored, JsonElement replacement, string pointer)
    {
        // An entry that occurs several times is lost as many times as it is missing.
        var available = replacement.EnumerateArray().CountBy(entry => entry.GetRawText()).ToDictionary(StringComparer.Ordinal);
        foreach (var (index, entry) in stored.EnumerateArray().Index())
        {
            var text = entry.GetRawText();
            if (available.TryGetValue(text, out var count) && count > 0)
                available[text] = count - 1;
            else
                yield return $"{pointer}/{index}";
        }
    }
}
