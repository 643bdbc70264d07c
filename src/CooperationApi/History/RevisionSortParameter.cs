using System.Text.Json.Nodes;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.History;

/// <summary>The order of a record's history.</summary>
internal sealed record RevisionSortParameter() : Parameter("sort", "The order: `-revision`, the last change first, as without it; `revision`, the first one first.", Usual)
{
    private const string Usual = "-revision";

    private static readonly string[] Words = [Usual, "revision"];

    public override bool IsOwn => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Words.Select(word => JsonValue.Create(word))],
        Default = JsonValue.Create(Usual),
    };

    /// <summary>Whether the last comes first.</summary>
    public static bool Read(Dictionary<string, string> values, ICollection<Fault> faults)
    {
        var word = values.GetValueOrDefault("sort", Usual);
        if (!Words.Contains(word))
            faults.Add(Fault.NotAmong("not_allowed", word, Words) with { Parameter = "sort" });
        return word == Usual;
    }
}
