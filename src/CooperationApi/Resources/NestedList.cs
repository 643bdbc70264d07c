namespace CooperationApi.Resources;

/// <summary>A list under another record: the parent's type, and the filter that the parent's id is the value of.</summary>
internal sealed record NestedList(string ParentType, string FilterName);
