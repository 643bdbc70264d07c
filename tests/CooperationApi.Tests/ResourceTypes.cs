namespace CooperationApi.Tests;

/// <summary>The resources that the design names.</summary>
internal static class ResourceTypes
{
    public static readonly IReadOnlyList<string> All =
    [
        "sources", "provinces", "organizations", "officials", "meetings", "agreements",
        "cooperation-groups", "commitments", "results", "indicators", "statements",
    ];

    /// <summary>Every resource, one test each.</summary>
    public static TheoryData<string> AsTheoryData => [.. All];
}
