using System.Text.Json;
using System.Text.Json.Nodes;

namespace CooperationApi.Resources;

/// <summary>The seed data: bundles in the program that fill a new store.</summary>
internal sealed class SeedData
{
    private readonly Lazy<Dictionary<(string Type, string Id), JsonObject>> records = new(LoadRecords);

    /// <summary>Opens the bundles in import order.</summary>
    public static IEnumerable<Stream> OpenBundles()
    {
        var assembly = typeof(SeedData).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("Seed/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => assembly.GetManifestResourceStream(name)!);
    }

    /// <summary>
    /// Returns the seed record that is a resource's example, as the service returns it at revision 1; null if the seed data does not
    /// contain it.
    /// </summary>
    public JsonObject? GetExample(Resource resource)
    {
        if (!records.Value.TryGetValue((resource.Type, resource.Example), out var json))
            return null;
        var record = resource.ParseStrict(JsonSerializer.SerializeToElement(json));
        return JsonNode.Parse(resource.ToUpsert(record).Body.WithRevision(1))!.AsObject();
    }

    /// <summary>
    /// Returns <see cref="GetExample"/> without the revision: a request with another revision than that of the stored record is rejected.
    /// </summary>
    public JsonObject? GetRequestExample(Resource resource)
    {
        var example = GetExample(resource);
        example?.Remove("revision");
        return example;
    }

    /// <summary>
    /// Returns the id of a seed record into which the record <see cref="Resource.RemovalExample"/> can be merged; its own id if there is no
    /// other.
    /// </summary>
    public string GetMergeTargetId(Resource resource) =>
        records.Value.Keys.Where(record => record.Type == resource.Type && record.Id != resource.RemovalExample)
            .Select(record => record.Id).Order(StringComparer.Ordinal).FirstOrDefault(resource.RemovalExample);

    /// <summary>Returns the number of seed records of a type.</summary>
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
