using System.Text.Json;
using System.Text.Json.Nodes;

namespace CooperationApi.Resources;

/// <summary>The bundles that a new store is filled with. They are part of the program.</summary>
internal sealed class FoundingContent
{
    private readonly Lazy<Dictionary<(string Type, string Id), JsonObject>> records = new(ReadAll);

    /// <summary>The bundles, in the order in which they go in.</summary>
    public static IEnumerable<Stream> Open()
    {
        var assembly = typeof(FoundingContent).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("Seed/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => assembly.GetManifestResourceStream(name)!);
    }

    /// <summary>
    /// The founding record that is a resource's example, as the service answers it but for its revision; null if the founding content has none.
    /// </summary>
    public JsonObject? Example(Resource resource)
    {
        if (!records.Value.TryGetValue((resource.Type, resource.Example), out var json))
            return null;
        var record = resource.Parse(JsonSerializer.SerializeToElement(json));
        return JsonNode.Parse(resource.Change(record).Body.Bytes(1))!.AsObject();
    }

    /// <summary>The id of another founding record than a resource's example; the example's own if there is no other.</summary>
    public string OtherId(Resource resource) =>
        records.Value.Keys.Where(record => record.Type == resource.Type && record.Id != resource.Example).Select(record => record.Id).Order(StringComparer.Ordinal).FirstOrDefault(resource.Example);

    /// <summary>How many founding records a type has.</summary>
    public int Count(string type) => records.Value.Keys.Count(record => record.Type == type);

    private static Dictionary<(string, string), JsonObject> ReadAll()
    {
        var all = new Dictionary<(string, string), JsonObject>();
        foreach (var stream in Open())
        {
            using (stream)
            {
                foreach (var (type, list) in JsonNode.Parse(stream)!.AsObject())
                {
                    foreach (var record in list!.AsArray())
                        all.TryAdd((type, record!["id"]!.GetValue<string>()), record.AsObject());
                }
            }
        }
        return all;
    }
}
