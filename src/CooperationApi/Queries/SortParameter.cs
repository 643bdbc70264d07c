using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `sort`: the sort order of a list.</summary>
internal sealed record SortParameter(Resource Resource) : QueryParameter("sort",
    $"Sort order. A leading `-` reverses the order. Records with equal values are sorted by `id`. Names sort in Vietnamese order, and a missing value counts as the lowest value. Default: `{Resource.SortOrders[0].QueryValue}`.",
    Resource.SortOrders[0].QueryValue)
{
    public override bool IsScopedToOwner => true;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. GetAllowedValues(Resource).Select(value => JsonValue.Create(value))],
        Default = JsonValue.Create(Resource.SortOrders[0].QueryValue),
    };

    public static SortOrder Parse(Resource resource, Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("sort", out var text))
            return resource.SortOrders[0];
        var sortOrder = GetSortOrders(resource).FirstOrDefault(sortOrder => sortOrder.Name == text.TrimStart('-'));
        if (sortOrder is not null && GetAllowedValues(resource).Contains(text))
            return sortOrder with { IsDescending = text[0] == '-' };
        errors.Add(RequestError.NotOneOf("not_allowed", text, GetAllowedValues(resource)) with { Parameter = "sort" });
        return resource.SortOrders[0];
    }

    private static IEnumerable<SortOrder> GetSortOrders(Resource resource) => resource.SortOrders.Append(new("id", "id"));

    private static List<string> GetAllowedValues(Resource resource) => [.. GetSortOrders(resource).SelectMany(sortOrder => new[] { sortOrder.Name, "-" + sortOrder.Name })];
}
