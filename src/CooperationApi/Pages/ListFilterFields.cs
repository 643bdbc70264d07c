using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>A field of the filter form: a choice between options, or the input of a year if there are none.</summary>
public sealed record ListFilterField(string Name, string Label, IReadOnlyList<ListFilterOption> Options);

/// <summary>An option of a field. Options with the same group follow each other.</summary>
public sealed record ListFilterOption(string Value, string Label, string? Group = null);

/// <summary>Describes the filters and sort orders of a list in words.</summary>
internal sealed class ListFilterFields(Resource resource, PageContext page, IStringLocalizer text)
{
    private const string Province = "provinceId";

    /// <summary>The names of the filters that the form offers, in its order.</summary>
    private static readonly string[] FilterNames = [Province, "kind", "region", "pillar", "status", "from", "to"];

    /// <summary>Returns the filters of a resource that the form offers.</summary>
    public static IReadOnlyList<string> GetNames(Resource resource) =>
        [.. FilterNames.Where(name => resource.Filters.Any(filter => filter.Name == name))];

    /// <summary>Returns true if the form offers a choice of provinces.</summary>
    public static bool HasProvinces(Resource resource) => resource.Filters.Any(filter => filter.Name == Province);

    /// <summary>Lists the fields.</summary>
    public IEnumerable<ListFilterField> List(IReadOnlyList<Province> provinces) =>
        from name in GetNames(resource)
        let isFrom = name == "from"
        let label = isFrom || name == "to"
            ? text[isFrom ? "YearFrom" : "YearTo", text[$"member.{DateMember}"]]
            : text[$"member.{name}"]
        select new ListFilterField(name, label, resource.Filters.Single(filter => filter.Name == name) switch
        {
            EnumFilter filter => [.. filter.AllowedValues.Select(value => new ListFilterOption(value, GetLabel(name, value)))],
            IdFilter => [.. provinces.OrderBy(province => province.ValidTo is not null).Select(ToOption)],
            _ => [],
        });

    /// <summary>Lists the sort orders, the default first. Dates and figures can be sorted in both directions.</summary>
    public IEnumerable<ListFilterOption> ListSortOrders() => resource.SortOrders.SelectMany(order =>
    {
        var label = text[$"member.{order.Name}"];
        return order.Type switch
        {
            SortType.Date => [new($"-{order.Name}", text["NewestFirst", label]), new(order.Name, text["OldestFirst", label])],
            SortType.Integer => [new($"-{order.Name}", text["LargestFirst", label]), new(order.Name, text["SmallestFirst", label])],
            _ => new ListFilterOption[] { new(order.Name, label) },
        };
    });

    /// <summary>The member whose year the filters `from` and `to` compare; that of the sort order by date.</summary>
    private string DateMember => resource.SortOrders.First(order => order.Type == SortType.Date).Name;

    // A unit of today includes the units that were merged into it, as on its page.
    private ListFilterOption ToOption(Province province) => new(
        string.Join(',', [province.Id, .. province.Predecessors.Select(predecessor => predecessor.Id)]),
        page.GetName(ResourceTypes.Provinces, province).Text,
        text[province.ValidTo is null ? "CurrentUnits" : "FormerUnits"]);

    // The values of an enum have the words of the readable files; the regions are words already.
    private string GetLabel(string filter, string value) => FindEnum(filter) is { } type
        ? DisplayNames.Get((Enum)Enum.Parse(type, value), page.Language)
        : value switch
        {
            "Existing" => text["UnitExists"],
            "Ended" => text["UnitEnded"],
            _ => value,
        };

    private Type? FindEnum(string filter) => filter == "pillar" ? typeof(Pillar)
        : ApiJson.Options.GetTypeInfo(resource.RecordType).Properties.SingleOrDefault(member => member.Name == filter)?.PropertyType
            is { IsEnum: true } type ? type : null;
}
