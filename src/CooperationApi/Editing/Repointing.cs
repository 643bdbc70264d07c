using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Storage;

namespace CooperationApi.Editing;

/// <summary>A record's JSON with other ids in some of the places where it names records.</summary>
internal static class Repointing
{
    /// <summary>
    /// What the JSON becomes when these references lead to <paramref name="id"/>. An element of a list that by that becomes the same as another is left out, and where
    /// the record would name itself (<paramref name="isItself"/>), the element or member that does.
    /// </summary>
    public static JsonObject Of(byte[] body, IEnumerable<Naming> references, string id, bool isItself)
    {
        var record = JsonNode.Parse(body)!.AsObject();
        var elements = references.Select(reference => Repoint(record, reference.Place.Split('/'), id, isItself)).OfType<JsonNode>().Distinct().ToList();
        foreach (var element in elements)
        {
            var list = element.Parent!.AsArray();
            if (isItself || list.Any(other => other != element && JsonNode.DeepEquals(other, element)))
                list.Remove(element);
        }
        return record;
    }

    /// <summary>Changes one place, and gives the element of a list that it is or is in.</summary>
    private static JsonNode? Repoint(JsonObject record, string[] place, string id, bool isItself)
    {
        if (record[place[0]] is not JsonArray list)
        {
            var owner = place[..^1].Aggregate((JsonNode)record, (node, member) => node[member]!).AsObject();
            if (isItself)
                owner.Remove(place[^1]);
            else
                owner[place[^1]] = id;
            return null;
        }
        var ordinal = int.Parse(place[1], CultureInfo.InvariantCulture);
        if (place.Length == 2)
            list[ordinal] = id;
        else
            list[ordinal]![place[2]] = id;
        return list[ordinal];
    }
}
