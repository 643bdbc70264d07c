using CooperationApi.Contracts;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;

namespace CooperationApi.Resources.Provinces;

/// <summary>`/v1/provinces`: the units of every time, or of one day with `?at=`.</summary>
internal sealed class ProvinceResource() : Resource<Province, ProvinceValidator>(
    type: "provinces",
    singular: "province",
    table: "province",
    example: "thai-binh",
    description: "Provincial administrative units of Vietnam since 2008-08-01, from their start to their end.")
{
    /// <summary>The first day that the data set covers: Hà Nội was enlarged on 2008-08-01. Units that existed before have this day as `validFrom`.</summary>
    public static readonly DateOnly CoverageStart = new(2008, 8, 1);

    private const string OpenEndDate = "9999-12-31";

    public override string AsOfSql =>
        """
        SELECT unit.number, unit.id, unit.code, version.name_key, version.kind, version.region, unit.valid_from, unit.valid_to
        FROM province_version version JOIN province unit ON unit.number = version.number
        WHERE version.valid_from <= @at_to AND version.valid_to >= @at_from
        """;

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        new PatternFilter("code", "Units with this code; in different times it may have named different units.", "34", OnOwnTable("code IN (@values)"), "^[0-9]{2}$", 2),
        CreateEnumFilter<ProvinceKind>("kind", "kind", "Units of this kind: today, when they ended, or on the day asked for."),
        new EnumFilter("region", "Units of this socio-economic region: today, when they ended, or on the day asked for.",
            "Đồng bằng sông Hồng", OnOwnTable("region IN (@values)"), ProvinceValidator.Regions),
        new EnumFilter("status", "Units that exist today, or that have ended.", "Existing",
            new(Table, $"CASE province.valid_to WHEN '{OpenEndDate}' THEN 'Existing' ELSE 'Ended' END IN (@values)"), ["Existing", "Ended"]),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("name", "name_key"), new("code", "code"), new("validFrom", "valid_from")];

    public override IReadOnlyList<ReferenceDefinition> References { get; } = [new("predecessors[].id", "provinces"), new("successors[].id", "provinces")];

    protected override string SelectTitle(Province province) => province.Name;

    protected override IEnumerable<DerivedRows> DeriveRows(Province province) =>
    [
        CreateRow(("code", province.Code), ("name_key", VietnameseSortKey.Create(province.Name)), ("kind", province.Kind.ToString()),
            ("region", province.Region), ("valid_from", FormatDate(province.ValidFrom)), ("valid_to", FormatDate(province.ValidTo) ?? OpenEndDate)),
        new("province_version", [.. province.Versions.Select<ProvinceVersion, (string, SqlValue)[]>(version =>
        [
            ("name_key", VietnameseSortKey.Create(version.Name)), ("kind", version.Kind.ToString()), ("region", version.Region),
            ("valid_from", FormatDate(version.ValidFrom)), ("valid_to", FormatDate(version.ValidTo) ?? OpenEndDate),
        ])]),
        new("province_event", [.. DeriveEvents(province).Select<(DateOnly On, TimelineEvent Event), (string, SqlValue)[]>(provinceEvent =>
            [("happened_on", FormatDate(provinceEvent.On)), ("event", provinceEvent.Event.ToString())])]),
    ];

    /// <summary>
    /// What happened to a unit. Units that are there from the record's first day on were not formed that day, and one that passed into another has not merely ended.
    /// </summary>
    private static IEnumerable<(DateOnly On, TimelineEvent Event)> DeriveEvents(Province province)
    {
        if (province.Predecessors.Count > 0 || province.ValidFrom > CoverageStart)
            yield return (province.ValidFrom, TimelineEvent.Formed);
        foreach (var (previous, next) in province.Versions.Zip(province.Versions.Skip(1)))
        {
            if (previous.Name != next.Name)
                yield return (next.ValidFrom, TimelineEvent.Renamed);
            if (previous.Kind != next.Kind)
                yield return (next.ValidFrom, TimelineEvent.KindChanged);
        }
        foreach (var succession in province.Successors.DistinctBy(successor => successor.On))
            yield return (succession.On, TimelineEvent.Merged);
        // The last day is still one of the unit's.
        if (province is { ValidTo: { } lastDay, Successors.Count: 0 })
            yield return (lastDay.AddDays(1), TimelineEvent.Ended);
    }

    protected override Province? GetAsOf(Province province, DateOnly date) =>
        province.Versions.FirstOrDefault(version => version.ValidFrom <= date && !(version.ValidTo < date)) is { } matchingVersion
            ? province with { Name = matchingVersion.Name, NameEn = matchingVersion.NameEn, Kind = matchingVersion.Kind, Region = matchingVersion.Region }
            : null;
}
