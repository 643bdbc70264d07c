using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Resources;

/// <summary>A sort order of a list: the name in the query and the column, which is never null. The last sort key is always `id`.</summary>
internal sealed record SortOrder(string Name, string Column, SortType Type = SortType.Text, bool IsDescending = false)
{
    /// <summary>The value of the `sort` parameter.</summary>
    public string QueryValue => IsDescending ? "-" + Name : Name;

    /// <summary>Returns true if the column can contain the value. An unknown date is an empty text, an unknown amount is -1.</summary>
    public bool IsSortValue(object value) => Type switch
    {
        SortType.Integer => value is >= -1L,
        SortType.Date => value is "" || (value is string text && (PartialDate.TryParse(text, out _)
            || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))),
        _ => value is string,
    };
}
