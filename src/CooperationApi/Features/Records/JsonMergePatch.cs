using System.Text.Json.Nodes;

namespace CooperationApi.Features.Records;

/// <summary>
/// JSON Merge Patch (RFC 7396): replaces the members of an object one by one, removes members that are null, and replaces any other value
/// as a whole.
/// </summary>
internal static class JsonMergePatch
{
    /// <summary>The media type of a merge patch.</summary>
    public const string ContentType = "application/merge-patch+json";

    /// <summary>Returns the patched value and leaves both arguments unchanged.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var patched = target is JsonObject original ? original.DeepClone().AsObject() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
                patched.Remove(name);
            else
                patched[name] = Apply(patched[name], change);
        }
        return patched;
    }
}
