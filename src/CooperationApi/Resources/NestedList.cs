namespace CooperationApi.Resources;

/// <summary>A list under another record: the parent's type, and the filter that takes the parent's id.</summary>
internal sealed record NestedList(string ParentType, string FilterName);
