using CooperationApi.Contracts;
using CooperationApi.Http;

namespace CooperationApi.Queries;

/// <summary>The query parameters of paged lists.</summary>
internal static class PageParameters
{
    /// <summary>
    /// The size of the records in a page, in MiB of JSON, after which no further record is added. Without it, a page of records of the
    /// maximum size would take 200 MB.
    /// </summary>
    public const int MaxMebibytes = 4;

    private const int DefaultLimit = 50;

    public static readonly IntegerParameter Limit = new("limit",
        $"Maximum number of rows in a page: 1 to {Limits.MaxPageItems}. Default: {DefaultLimit}. A page of records or revisions has fewer "
        + $"rows if the records have more than {MaxMebibytes} MiB.",
        1, Limits.MaxPageItems, DefaultLimit);

    public static readonly CursorParameter Cursor = new(
        "Start of the page: the value of `next` from the previous page, unchanged, with the same filters and sort order as before. "
        + "`*`: the first page (default).");

    public static readonly BooleanParameter Total = new("total",
        "Adds `total`, the exact number of items in the whole list. The service needs one more query for the count.");
}
