using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using CooperationApi.Text;

namespace CooperationApi.Queries;

/// <summary>The parsed and validated query of a list.</summary>
/// <param name="Filters">The filters.</param>
/// <param name="Lineage">The lineage of the parent province with `unit=current`; otherwise null.</param>
/// <param name="SortOrder">The sort order.</param>
/// <param name="Limit">The maximum number of records on a page.</param>
/// <param name="IncludeTotal">True if the total number of records is requested.</param>
/// <param name="AsOf">The date of an as-of query.</param>
/// <param name="Fields">The members to return; null for all members.</param>
/// <param name="Expansion">The related records to include.</param>
/// <param name="Format">The format of the response.</param>
/// <param name="CursorScope">The scope of the list's cursors: all values that determine the rows and their order.</param>
/// <param name="StartAfter">The sort values of the last row of the previous page.</param>
internal sealed record ListQuery(IReadOnlyList<AppliedFilter> Filters, ProvinceLineage? Lineage, SortOrder SortOrder, int Limit,
    bool IncludeTotal, DateOnly? AsOf, IReadOnlyList<string>? Fields, Expansion? Expansion, FileFormat Format, string CursorScope,
    (object SortValue, string Id)? StartAfter)
{
    /// <summary>
    /// Returns the query with the SQL conditions of its full-text filters, and with the row ids of the records to which its filters refer.
    /// Throws a problem if such a record does not exist: the list would be empty for the wrong reason.
    /// </summary>
    public async Task<ListQuery> Resolve(DbConnection connection, IFullTextIndex fullText)
    {
        await RecordQueries.EnsureRequiredRecordsExist(connection, Filters);
        var filters = new List<AppliedFilter>();
        foreach (var filter in Filters)
            filters.Add(await FilterIds.Resolve(connection, filter.ResolveMatch(fullText)));
        return this with { Filters = filters };
    }

    /// <summary>Parses the query of a list. Throws a problem with all errors if it is not valid.</summary>
    public static ListQuery Parse(HttpRequest request, Resource resource, AppliedFilter? parentFilter, NestedList? nestedList,
        DateOnly today)
    {
        var parameters = RecordParameters.Get(resource);
        var values = QueryValues.Parse(request, nestedList is null ? parameters.List : parameters.GetNestedList(nestedList));
        var lineage = ProvinceLineage.IsRequested(values) && parentFilter is not null ? new ProvinceLineage(parentFilter) : null;
        var appliedFilters = resource.Filters.Select(filter => filter.Read(values))
            .Append(lineage?.WidenedFilter ?? parentFilter).OfType<AppliedFilter>().ToList();
        AddRangeErrors(values.Errors, appliedFilters);
        var sortOrder = parameters.ReadSortOrder(values);
        var asOf = RecordParameters.AsOf.Read(values, today);
        // All values are canonical and in the order of the resource's filters, so equal lists have equal scopes.
        var cursorScope = string.Join('\n',
            [resource.Type, sortOrder.QueryValue, asOf?.ToIso() ?? "", .. lineage is null ? Array.Empty<string>() : ["current"],
            .. appliedFilters.SelectMany(appliedFilter => appliedFilter.Values.Select(value => $"{value.Key}={value.Value}"))]);
        var query = new ListQuery(
            Filters: appliedFilters,
            Lineage: lineage,
            SortOrder: sortOrder,
            Limit: PageParameters.Limit.Read(values),
            IncludeTotal: PageParameters.Total.Read(values),
            AsOf: asOf,
            Fields: parameters.Fields.Read(values),
            Expansion: Expansion.Read(values, resource),
            Format: FormatParameters.Read(values),
            CursorScope: cursorScope,
            StartAfter: PageParameters.Cursor.Read<(object SortValue, string Id)>(values, cursorScope,
                position => sortOrder.IsSortValue(position.SortValue) && Slug.IsSlug(position.Id)));
        values.ThrowIfInvalid();
        return query;
    }

    /// <summary>Adds an error for each range that ends before it starts. Such a range is not an empty list.</summary>
    public static void AddRangeErrors(ICollection<RequestError> errors, params IEnumerable<AppliedFilter?> filters)
    {
        var values = filters.OfType<AppliedFilter>().SelectMany(filter => filter.Values).ToDictionary();
        if (values.GetValueOrDefault("from") is string from && values.GetValueOrDefault("to") is string to
            && string.CompareOrdinal(from, to) > 0)
            errors.Add(new("range_reversed", from, to) { Parameter = "from" });
        if (values.GetValueOrDefault("amountFrom") is long minAmount && values.GetValueOrDefault("amountTo") is long maxAmount
            && minAmount > maxAmount)
            errors.Add(new("range_reversed", minAmount, maxAmount) { Parameter = "amountFrom" });
    }
}
