using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Search;

internal static class SearchResponseExtensions
{
    /// <summary>What a page found, as `type/id`.</summary>
    public static List<string> GetHits(this JsonNode page) => [.. page.GetItems().Select(hit => $"{hit["type"]}/{hit["id"]}")];
}
