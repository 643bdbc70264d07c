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

    /// <summary>A founding record as the service answers it, but for its revision: an example that is real wherever the service runs.</summary>
    public JsonObject Example(Resource resource)
    {
        var record = resource.Parse(JsonSerializer.SerializeToElement(records.Value[(resource.Type, resource.Example)]));
        return JsonNode.Parse(resource.Change(record).Body(1))!.AsObject();
    }

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
