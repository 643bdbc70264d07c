using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `revision`: the revision at which a record is read.</summary>
internal sealed record RevisionParameter() : QueryParameter("revision",
    "Revision of the change feed. Returns the record in its state at this revision. Its member `revision` is then the revision of its "
    + "last change up to this point. The parameter cannot be combined with `expand`.",
    "638")
{
    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = "1",
        Maximum = Limits.MaxSafeInteger.ToString(CultureInfo.InvariantCulture),
    };

    public override JsonNode ExampleNode => JsonValue.Create(long.Parse(Example, CultureInfo.InvariantCulture));

    /// <summary>Returns the revision, from 1 to <paramref name="head"/>; null if it is missing or invalid.</summary>
    public long? Read(QueryValues values, long head)
    {
        if (values[Name] is not { } text)
            return null;
        if (ExpandParameter.Find(values) is not null)
            values.Errors.Add(new("incompatible_with_revision", "expand") { Parameter = "expand" });
        return ParseInteger(text, 1, head, values.Errors);
    }
}
