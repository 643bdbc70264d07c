namespace CooperationApi.Resources;

/// <summary>How a list can be sorted: the parameter's word and the column, which is never null; ends in `id` always.</summary>
internal sealed record SortOrder(string Name, string Column, bool IsDescending = false)
{
    /// <summary>The word for this order in the query.</summary>
    public string QueryValue => IsDescending ? "-" + Name : Name;
}
