using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `revision`: the revision at which a record is read.</summary>
internal sealed record RevisionParameter() : QueryParameter("revision",
    "Revision of the change feed. Returns the record in its state at this revision. Its member `revision` is then the revision of its last change up to this point. The parameter can be combined with `fields`, but not with `at` or `expand`.",
    "499")
{
    private static readonly string[] IncompatibleParameters = ["at", "expand"];

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1", Maximum = "9007199254740991" };

    public override JsonNode ExampleNode => JsonValue.Create(long.Parse(Example, CultureInfo.InvariantCulture));

    /// <summary>Parses the revision, which must be between 1 and <paramref name="headRevision"/>.</summary>
    public static long? Parse(Dictionary<string, string> values, long headRevision, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("revision", out var text))
            return null;
        foreach (var incompatible in IncompatibleParameters.Where(values.ContainsKey))
            errors.Add(new("incompatible_with_revision", incompatible) { Parameter = incompatible });
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            errors.Add(new("invalid_integer", text) { Parameter = "revision" });
        else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) || revision < 1 || revision > headRevision)
            errors.Add(new("out_of_range", text, 1, headRevision) { Parameter = "revision" });
        else
            return revision;
        return null;
    }
}
