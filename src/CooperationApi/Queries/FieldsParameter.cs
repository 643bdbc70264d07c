using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `fields`: the members to return.</summary>
internal sealed record FieldsParameter(Resource Resource) : QueryParameter("fields",
    "Members of the record to return, separated by commas. All other members are omitted, including required members. "
    + "Default: all members.",
    string.Join(',', Resource.Members.Take(3).Where(member => member != "revision")))
{
    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Resource.Members.Select(member => JsonValue.Create(member))] },
        MinItems = 1,
        MaxItems = Resource.Members.Count,
    };

    public override JsonNode ExampleNode => new JsonArray([.. Example.Split(',').Select(member => JsonValue.Create(member))]);

    /// <summary>Returns the requested members; null for all members.</summary>
    public IReadOnlyList<string>? Read(QueryValues values)
    {
        if (values[Name] is not { } text)
            return null;
        var requestedFields = text.Split(',');
        foreach (var unknownField in requestedFields.Except(Resource.Members))
            values.Errors.Add(RequestError.NotOneOf("not_allowed", unknownField, Resource.Members) with { Parameter = Name });
        return requestedFields;
    }
}
