using System.Text.Json.Nodes;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Statistics;

/// <summary>What the rows of figures are told apart by, and in which order they come.</summary>
internal sealed record ByParameter(IReadOnlyList<string> Words, params IReadOnlyList<string> Usual) : Parameter("by",
    "What the rows are told apart by, with commas between; they come in its order.", string.Join(',', Usual))
{
    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Words.Select(word => JsonValue.Create(word))] },
        MinItems = 1,
        MaxItems = Words.Count,
        Default = Array(Usual),
    };

    public override JsonNode ExampleNode => Array(Usual);

    /// <summary>The words asked for, each once, or the usual ones.</summary>
    public IReadOnlyList<string> Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue(Name, out var text))
            return Usual;
        var asked = text.Split(',');
        foreach (var unknown in asked.Except(Words))
            faults.Add(Fault.NotAmong("not_allowed", unknown, Words) with { Parameter = Name });
        foreach (var repeated in asked.Intersect(Words).Where(word => asked.Count(other => other == word) > 1))
            faults.Add(new("repeated_value", repeated) { Parameter = Name });
        return asked;
    }

    private static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}
