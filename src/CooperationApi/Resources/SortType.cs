namespace CooperationApi.Resources;

/// <summary>The type of the values of a sort column.</summary>
internal enum SortType
{
    /// <summary>Any text, such as the sort key of a name.</summary>
    Text,

    /// <summary>A date, which can be a month or a year.</summary>
    Date,

    Integer,
}
