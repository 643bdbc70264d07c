namespace CooperationApi.Tests;

/// <summary>The resource types of the API.</summary>
internal static class ResourceTypes
{
    public static readonly IReadOnlyList<string> All =
    [
        "sources", "provinces", "organizations", "officials", "meetings", "agreements",
        "cooperation-groups", "commitments", "results", "indicators", "statements",
    ];

    /// <summary>All resource types as test cases.</summary>
    public static TheoryData<string> AsTheoryData => [.. All];
}
