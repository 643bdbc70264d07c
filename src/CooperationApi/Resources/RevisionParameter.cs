using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Resources;

/// <summary>The number at which a record is asked for as it stood.</summary>
internal sealed record RevisionParameter() : Parameter("revision",
    "A number of the feed of all changes: the record is answered as it stood then, with the number of its last change up to there. Goes with `fields`, and not with `at` or `expand`.",
    "499")
{
    private static readonly string[] NotBeside = ["at", "expand"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1", Maximum = "9007199254740991" };

    public override JsonNode ExampleNode => JsonValue.Create(long.Parse(Example, CultureInfo.InvariantCulture));

    /// <summary>The number, which has been given out already: up to <paramref name="head"/>.</summary>
    public static long? Read(Dictionary<string, string> values, long head, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("revision", out var text))
            return null;
        foreach (var other in NotBeside.Where(values.ContainsKey))
            faults.Add(new("not_with_revision", other) { Parameter = other });
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            faults.Add(new("not_a_number", text) { Parameter = "revision" });
        else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > head)
            faults.Add(new("out_of_range", text, 1, head) { Parameter = "revision" });
        else
            return number;
        return null;
    }
}
