using System.Text.Json;
using System.Text.Json.Nodes;

namespace CooperationApi.Resources;

/// <summary>The bundles that a new store is filled with. They are part of the program.</summary>
internal sealed class SeedData
{
    private readonly Lazy<Dictionary<(string Type, string Id), JsonObject>> records = new(LoadRecords);

    /// <summary>The bundles, in the order in which they go in.</summary>
    public static IEnumerable<Stream> OpenBundles()
    {
        var assembly = typeof(SeedData).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("Seed/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => assembly.GetManifestResourceStream(name)!);
    }

    /// <summary>
    /// The founding record that is a resource's example, as the service answers it but for its revision; null if the founding content has none.
    /// </summary>
    public JsonObject? GetExample(Resource resource)
    {
        if (!records.Value.TryGetValue((resource.Type, resource.Example), out var json))
            return null;
        var record = resource.ParseStrict(JsonSerializer.SerializeToElement(json));
        return JsonNode.Parse(resource.ToUpsert(record).Body.WithRevision(1))!.AsObject();
    }

    /// <summary>The id of another founding record than a resource's example; the example's own if there is no other.</summary>
    public string AnotherId(Resource resource) =>
        records.Value.Keys.Where(record => record.Type == resource.Type && record.Id != resource.Example).Select(record => record.Id).Order(StringComparer.Ordinal).FirstOrDefault(resource.Example);

    /// <summary>How many founding records a type has.</summary>
    public int CountRecords(string type) => records.Value.Keys.Count(record => record.Type == type);

    private static Dictionary<(string, string), JsonObject> LoadRecords()
    {
        var all = new Dictionary<(string, string), JsonObject>();
        foreach (var stream in OpenBundles())
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
