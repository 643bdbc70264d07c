using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>The records of the examples of `PUT` in the document, one per type, and copies of them.</summary>
internal sealed class ExampleRecords(OpenApiSpec document)
{
    private readonly Dictionary<string, JsonNode> examples = document.Operations
        .Where(operation => operation is { Method: "PUT", ExampleBody: JsonObject })
        .ToDictionary(operation => operation.Collection, operation => operation.ExampleBody!);

    public IReadOnlyCollection<string> Types => examples.Keys;

    /// <summary>Returns the id of the example of a type; null for a collection without records.</summary>
    public string? FindId(string collection) => examples.GetValueOrDefault(collection)?.GetId();

    /// <summary>Returns the example of a type with another id and a suffix of its text.</summary>
    public JsonObject CreateCopy(string type, string id, string suffix = "")
    {
        var record = examples[type].DeepClone().AsObject();
        record["id"] = id;
        // The hash of a source would fix its text, and both units of a succession name each other.
        foreach (var member in (string[])["revision", "sha256", "length", "predecessors", "successors"])
            record.Remove(member);
        var text = ((string[])["title", "nameEn", "name", "text"]).First(record.ContainsKey);
        record[text] = $"{record[text]}{suffix}";
        return record;
    }
}
