using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Storage;

namespace CooperationApi.Features.Records;

/// <summary>A record's JSON with other ids in some of the places where it names records.</summary>
internal static class ReferenceRewriter
{
    /// <summary>
    /// What the JSON becomes when these references lead to <paramref name="id"/>. An element of a list that by that becomes the same as another is left out, and where
    /// the record would name itself (<paramref name="isMergeTarget"/>), the element or member that does.
    /// </summary>
    public static JsonObject Rewrite(byte[] body, IEnumerable<ReferenceLocation> references, string id, bool isMergeTarget)
    {
        var record = JsonNode.Parse(body)!.AsObject();
        var elements = references.Select(reference => RewriteReference(record, reference.Pointer.Split('/'), id, isMergeTarget)).OfType<JsonNode>().Distinct().ToList();
        foreach (var element in elements)
        {
            var list = element.Parent!.AsArray();
            if (isMergeTarget || list.Any(other => other != element && JsonNode.DeepEquals(other, element)))
                list.Remove(element);
        }
        return record;
    }

    /// <summary>Changes one place, and gives the element of a list that it is or is in.</summary>
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
