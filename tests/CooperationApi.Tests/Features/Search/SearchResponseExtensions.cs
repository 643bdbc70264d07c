using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Search;

internal static class SearchResponseExtensions
{
    /// <summary>Returns the hits of a page as `type/id`.</summary>
    public static List<string> GetHits(this JsonNode page) => [.. page.GetItems().Select(hit => $"{hit["type"]}/{hit["id"]}")];
}
