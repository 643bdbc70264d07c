using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;

namespace CooperationApi.Tests.Features.Records;

/// <summary>Tests of the computed JSON Patch (RFC 6902), applied with an independent implementation.</summary>
public sealed class JsonDiffTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":3,"c":4}""",
        """[{"op":"remove","path":"/a"},{"op":"replace","path":"/b","value":3},{"op":"add","path":"/c","value":4}]""")]
    [InlineData("""{"list":["a","b","c"]}""", """{"list":["b","c","d"]}""",
        """[{"op":"remove","path":"/list/0"},{"op":"add","path":"/list/2","value":"d"}]""")]
    [InlineData("""{"list":[{"id":"a","n":1},{"id":"b"}]}""", """{"list":[{"id":"a","n":2},{"id":"b"}]}""",
        """[{"op":"replace","path":"/list/0/n","value":2}]""")]
    [InlineData("""{"a/b":{"~":1}}""", """{"a/b":{"~":2}}""", """[{"op":"replace","path":"/a~1b/~0","value":2}]""")]
    [InlineData("""{"a":[1]}""", """{"a":{}}""", """[{"op":"replace","path":"/a","value":{}}]""")]
    [InlineData("""{"a":1.50}""", """{"a":1.5}""", """[{"op":"replace","path":"/a","value":1.5}]""")]
    [InlineData("""{"a":"ế"}""", """{"a":"ế"}""", "[]")]
    public void Patch_has_the_minimal_operations(string before, string after, string patch) =>
        Assert.Equal(patch, JsonSerializer.Serialize(Diff(before, after), ApiJson.Options));

    [Fact]
    public void Patch_transforms_any_document_into_any_other()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var before = CreateDocument(random);
            var after = random.Next(4) == 0 ? CreateDocument(random) : ChangeRandomly(before, random);
            var patched = JsonNode.Parse(before.ToJsonString())!.AsObject();
            JsonSerializer.Deserialize<JsonPatchDocument<JsonObject>>(
                JsonSerializer.Serialize(Diff(before.ToJsonString(), after.ToJsonString()), ApiJson.Options))!.ApplyTo(patched);
            Assert.True(JsonNode.DeepEquals(after, patched),
                $"Seed {seed}: {before.ToJsonString()} to {after.ToJsonString()} resulted in {patched.ToJsonString()}");
        }
    }

    private static IReadOnlyList<PatchOperation> Diff(string before, string after)
    {
        using var beforeDocument = JsonDocument.Parse(before);
        using var afterDocument = JsonDocument.Parse(after);
        return JsonDiff.Compute(beforeDocument.RootElement.Clone(), afterDocument.RootElement.Clone());
    }

    private static JsonObject CreateDocument(Random random, int depth = 4) =>
        new(Enumerable.Range(0, random.Next(6)).Select(_ => PickName(random)).Distinct().ToList()
            .Select(name => KeyValuePair.Create(name, (JsonNode?)CreateValue(random, depth - 1))));

    private static string PickName(Random random) => ((string[])["a", "b", "a/b", "~", "~1", "c d", "ế", "0"])[random.Next(8)];

    private static JsonNode CreateValue(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => JsonValue.Create(random.Next(3)),
        1 => JsonValue.Create(random.Next(3).ToString(CultureInfo.InvariantCulture)),
        2 => JsonValue.Create(random.Next(2) == 0),
        3 => JsonValue.Create(0.5m),
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(6)).Select(_ => CreateValue(random, depth - 1))]),
        _ => CreateDocument(random, depth),
    };

    /// <summary>Returns a copy with random members and elements removed, inserted and replaced.</summary>
    private static JsonObject ChangeRandomly(JsonObject document, Random random)
    {
        var changed = document.DeepClone().AsObject();
        foreach (var (name, value) in changed.ToList())
        {
            if (value is JsonArray list)
            {
                for (var i = random.Next(4); i > 0 && list.Count > 0; i--)
                    list.RemoveAt(random.Next(list.Count));
                for (var i = random.Next(4); i > 0; i--)
                    list.Insert(random.Next(list.Count + 1), CreateValue(random, 2));
            }
            else if (random.Next(3) == 0)
                changed[name] = CreateValue(random, 2);
            else if (random.Next(4) == 0)
                changed.Remove(name);
        }
        changed[PickName(random)] = CreateValue(random, 2);
        return changed;
    }
}
