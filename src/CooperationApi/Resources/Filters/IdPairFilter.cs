using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>
/// A filter by two ids. A row matches if it refers to both records. The condition has the parameters `@first` and `@second`.
/// </summary>
internal sealed record IdPairFilter(string Name, string Description, string Example, SqlCondition SqlCondition, string ReferencedType)
    : ListFilter(Name, Description, Example)
{
    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = Patterns.Slug,
            MinLength = 1,
            MaxLength = Limits.MaxSlugLength,
        },
        MinItems = 2,
        MaxItems = 2,
        UniqueItems = true,
    };

    public override JsonNode ExampleNode => new JsonArray([.. Example.Split(',').Select(id => JsonValue.Create(id))]);

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        var ids = text.Split(',');
        var idErrors = ids.Where(id => !Slug.IsSlug(id))
            .Select(id => new RequestError("invalid_id", id) { Parameter = Name, Suggestion = Slug.FromText(id) }).ToList();
        if (ids.Length != 2 || ids[0] == ids[1])
            errors.Add(new("two_ids_required", Example) { Parameter = Name });
        idErrors.ForEach(errors.Add);
        if (ids.Length != 2 || ids[0] == ids[1] || idErrors.Count > 0)
            return null;
        // The order of the ids has no meaning: equal lists have equal cursors.
        Array.Sort(ids, StringComparer.Ordinal);
        return new(SqlCondition, new Dictionary<string, object> { ["first"] = ids[0], ["second"] = ids[1] })
        {
            RequiredRecords = new(this, ReferencedType, ids),
        };
    }
}
