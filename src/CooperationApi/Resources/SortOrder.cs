namespace CooperationApi.Resources;

/// <summary>A sort order of a list: the name in the query and the column, which is never null. The last sort key is always `id`.</summary>
internal sealed record SortOrder(string Name, string Column, bool IsDescending = false)
{
    /// <summary>The value of the `sort` parameter.</summary>
    public string QueryValue => IsDescending ? "-" + Name : Name;
}
