using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>Replaces ids in the references of a record's JSON.</summary>
internal static class ReferenceRewriter
{
    /// <summary>
    /// Returns the JSON with <paramref name="references"/> changed to <paramref name="id"/>. Removes list elements that become duplicates.
    /// If the record is the merge target (<paramref name="isMergeTarget"/>), removes the elements and members instead, because the record
    /// would refer to itself.
    /// </summary>
    public static JsonObject Rewrite(byte[] body, IEnumerable<ReferenceLocation> references, string id, bool isMergeTarget)
    {
        var record = JsonNode.Parse(body)!.AsObject();
        var elements = references.Select(reference => RewriteReference(record, reference.Pointer.Split('/'), id, isMergeTarget))
            .OfType<JsonNode>().Distinct().ToList();
        foreach (var element in elements)
        {
            var list = element.Parent!.AsArray();
            if (isMergeTarget || list.Any(other => other != element && JsonNode.DeepEquals(other, element)))
                list.Remove(element);
        }
        return record;
    }

    /// <summary>Rewrites one reference; returns the list element that contains it, or null if it is not in a list.</summary>
    private static JsonNode? RewriteReference(JsonObject record, string[] path, string id, bool isMergeTarget)
    {
        if (record[path[0]] is not JsonArray list)
        {
            var parent = path[..^1].Aggregate((JsonNode)record, (node, member) => node[member]!).AsObject();
            if (isMergeTarget)
                parent.Remove(path[^1]);
            else
                parent[path[^1]] = id;
            return null;
        }
        var ordinal = int.Parse(path[1], CultureInfo.InvariantCulture);
        if (path.Length == 2)
            list[ordinal] = id;
        else
            list[ordinal]![path[2]] = id;
        return list[ordinal];
    }
}
