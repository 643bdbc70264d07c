using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.History;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;

namespace CooperationApi.Tests.History;

/// <summary>A patch leads from one document to the other, whoever applies it: here somebody else's implementation of RFC 6902.</summary>
public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":3,"c":4}""", """[{"op":"remove","path":"/a"},{"op":"replace","path":"/b","value":3},{"op":"add","path":"/c","value":4}]""")]
    [InlineData("""{"list":["a","b","c"]}""", """{"list":["b","c","d"]}""", """[{"op":"remove","path":"/list/0"},{"op":"add","path":"/list/2","value":"d"}]""")]
    [InlineData("""{"list":[{"id":"a","n":1},{"id":"b"}]}""", """{"list":[{"id":"a","n":2},{"id":"b"}]}""", """[{"op":"replace","path":"/list/0/n","value":2}]""")]
    [InlineData("""{"a/b":{"~":1}}""", """{"a/b":{"~":2}}""", """[{"op":"replace","path":"/a~1b/~0","value":2}]""")]
    [InlineData("""{"a":[1]}""", """{"a":{}}""", """[{"op":"replace","path":"/a","value":{}}]""")]
    [InlineData("""{"a":1.50}""", """{"a":1.5}""", """[{"op":"replace","path":"/a","value":1.5}]""")]
    [InlineData("""{"a":"ế"}""", """{"a":"ế"}""", "[]")]
    public void A_patch_has_no_more_steps_than_it_takes(string before, string after, string patch) =>
        Assert.Equal(patch, JsonSerializer.Serialize(Between(before, after), Wire.Json));

    [Fact]
    public void A_patch_leads_from_any_document_to_any_other()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var before = Document(random);
            var after = random.Next(4) == 0 ? Document(random) : Changed(before, random);
            var patched = JsonNode.Parse(before.ToJsonString())!.AsObject();
            JsonSerializer.Deserialize<JsonPatchDocument<JsonObject>>(JsonSerializer.Serialize(Between(before.ToJsonString(), after.ToJsonString()), Wire.Json))!.ApplyTo(patched);
            Assert.True(JsonNode.DeepEquals(after, patched), $"Seed {seed}: {before.ToJsonString()} to {after.ToJsonString()} came to {patched.ToJsonString()}");
        }
    }

    private static IReadOnlyList<PatchOperation> Between(string before, string after)
    {
        using var one = JsonDocument.Parse(before);
        using var other = JsonDocument.Parse(after);
        return JsonPatch.Between(one.RootElement.Clone(), other.RootElement.Clone());
    }

    private static JsonObject Document(Random random, int depth = 4) =>
        new(Enumerable.Range(0, random.Next(6)).Select(_ => Name(random)).Distinct().ToList().Select(name => KeyValuePair.Create(name, (JsonNode?)Value(random, depth - 1))));

    private static string Name(Random random) => ((string[])["a", "b", "a/b", "~", "~1", "c d", "ế", "0"])[random.Next(8)];

    private static JsonNode Value(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => JsonValue.Create(random.Next(3)),
        1 => JsonValue.Create(random.Next(3).ToString(CultureInfo.InvariantCulture)),
        2 => JsonValue.Create(random.Next(2) == 0),
        3 => JsonValue.Create(0.5m),
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(6)).Select(_ => Value(random, depth - 1))]),
        _ => Document(random, depth),
    };

    /// <summary>The same with some members and elements taken out, put in and moved.</summary>
    private static JsonObject Changed(JsonObject document, Random random)
    {
        var changed = document.DeepClone().AsObject();
        foreach (var (name, value) in changed.ToList())
        {
            if (value is JsonArray list)
            {
                for (var i = random.Next(4); i > 0 && list.Count > 0; i--)
                    list.RemoveAt(random.Next(list.Count));
                for (var i = random.Next(4); i > 0; i--)
                    list.Insert(random.Next(list.Count + 1), Value(random, 2));
            }
            else if (random.Next(3) == 0)
                changed[name] = Value(random, 2);
            else if (random.Next(4) == 0)
                changed.Remove(name);
        }
        changed[Name(random)] = Value(random, 2);
        return changed;
    }
}
