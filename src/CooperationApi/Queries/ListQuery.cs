using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;

namespace CooperationApi.Queries;

/// <summary>The parsed and validated query of a list.</summary>
internal sealed record ListQuery
{
    public required IReadOnlyList<AppliedFilter> Filters { get; init; }

    public required SortOrder SortOrder { get; init; }

    public required int Limit { get; init; }

    /// <summary>The sort values of the last row of the previous page.</summary>
    public IReadOnlyList<object>? StartAfter { get; init; }

    public bool IncludeTotal { get; init; }

    public DateOnly? AsOf { get; init; }

    /// <summary>The lineage of the parent province with `unit=current`; otherwise null.</summary>
    public ProvinceLineage? Lineage { get; init; }

    public IReadOnlyList<string>? Fields { get; init; }

    public Expansion? Expansion { get; init; }

    public required FileFormat Format { get; init; }

    /// <summary>The scope of the list's cursors: all values that determine the rows and their order.</summary>
    public required string CursorScope { get; init; }

    /// <summary>Parses the query of a list. Throws a problem with all errors if it is not valid.</summary>
    public static ListQuery Parse(HttpRequest request, Resource resource, AppliedFilter? parentFilter, NestedList? nestedList, DateOnly today)
    {
        var errors = new List<RequestError>();
        var availableFilters = resource.Filters.Where(filter => filter.Name != nestedList?.FilterName).ToList();
        var values = QueryStringParser.Parse(request, [.. RecordParameters.GetListParameters(resource, nestedList).Select(parameter => parameter.Name)], errors);
        var lineage = UnitParameter.Parse(values, parentFilter, errors);
        var appliedFilters = availableFilters
            .Select(filter => values.TryGetValue(filter.Name, out var text) ? filter.Parse(text, errors) : null)
            .Append(lineage?.WidenedFilter ?? parentFilter).OfType<AppliedFilter>().ToList();
        AddRangeErrors(appliedFilters, errors);
        var sortOrder = SortParameter.Parse(resource, values, errors);
        var asOf = AsOfParameter.Parse(values, today, errors);
        // All values are canonical and in the order of the resource's filters, so equal lists have equal scopes.
        var cursorScope = string.Join('\n', [resource.Type, sortOrder.QueryValue, asOf?.ToIso() ?? "", .. lineage is null ? Array.Empty<string>() : ["current"],
            .. appliedFilters.SelectMany(appliedFilter => appliedFilter.Values.Select(value => $"{value.Key}={value.Value}"))]);
        var query = new ListQuery
        {
            Filters = appliedFilters,
            Lineage = lineage,
            SortOrder = sortOrder,
            Limit = LimitParameter.Parse(values, errors),
            IncludeTotal = TotalParameter.Parse(values, errors),
            AsOf = asOf,
            Fields = FieldsParameter.Parse(resource, values, errors),
            Expansion = Expansion.Parse(resource, values, errors),
            Format = FormatParameter.Parse(request, values, errors),
            CursorScope = cursorScope,
            StartAfter = values.TryGetValue("cursor", out var cursor) ? PageCursor.Decode(cursor, cursorScope, valueCount: 2, errors) : null,
        };
        return errors.Count == 0 ? query : throw ProblemException.InvalidRequest(errors);
    }

    /// <summary>Adds an error for each range that ends before it starts. Such a range is not an empty list.</summary>
    public static void AddRangeErrors(IEnumerable<AppliedFilter> filters, ICollection<RequestError> errors)
    {
        var values = filters.SelectMany(filter => filter.Values).ToDictionary();
        if (values.GetValueOrDefault("from") is string from && values.GetValueOrDefault("to") is string to && string.CompareOrdinal(from, to) > 0)
            errors.Add(new("range_reversed", from, to) { Parameter = "from" });
        if (values.GetValueOrDefault("amountFrom") is long minAmount && values.GetValueOrDefault("amountTo") is long maxAmount && minAmount > maxAmount)
            errors.Add(new("range_reversed", minAmount, maxAmount) { Parameter = "amountFrom" });
    }
}
