using System.Text.Json.Nodes;

namespace CooperationApi.Features.Records;

/// <summary>JSON Merge Patch (RFC 7396): members of an object are replaced one by one and taken away by null, everything else as a whole.</summary>
internal static class JsonMergePatch
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/merge-patch+json";

    /// <summary>What becomes of a value.</summary>
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
