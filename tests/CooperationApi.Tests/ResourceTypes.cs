using System.Text.Json.Nodes;

namespace CooperationApi.Tests;

/// <summary>The resource types of the API.</summary>
internal static class ResourceTypes
{
    /// <summary>The types, in the order of imports: the lists of a bundle in the committed OpenAPI document.</summary>
    public static readonly IReadOnlyList<string> All = [.. JsonNode.Parse(RepositoryFiles.ReadText("api-spec/openapi.json"))!
        ["components"]!["schemas"]!["Bundle"]!["properties"]!.AsObject().Select(list => list.Key)
            .Where(list => list != "additions")];

    /// <summary>All resource types as test cases.</summary>
    public static TheoryData<string> AsTheoryData => [.. All];
}
