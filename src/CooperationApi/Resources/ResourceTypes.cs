namespace CooperationApi.Resources;

/// <summary>The types that code outside their own resource refers to: provinces, their groups and the cited sources.</summary>
internal static class ResourceTypes
{
    public const string CooperationGroups = "cooperation-groups";
    public const string Provinces = "provinces";
    public const string Sources = "sources";
}
