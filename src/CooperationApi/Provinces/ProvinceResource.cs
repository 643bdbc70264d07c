using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Provinces;

/// <summary>`/v1/provinces`: the units of every time, or of one day with `?at=`.</summary>
internal sealed class ProvinceResource() : Resource<Province, ProvinceValidator>(
    type: "provinces",
    singular: "province",
    table: "province",
    example: "thai-binh",
    description: "Provincial administrative units of Vietnam since 2008-08-01, from their start to their end.")
{
    private const string Forever = "9999-12-31";

    public override string TableAt =>
        """
        SELECT unit.number, unit.id, unit.code, version.name_key, version.kind, version.region, unit.valid_from, unit.valid_to
        FROM province_version version JOIN province unit ON unit.number = version.number
        WHERE version.valid_from <= @at_to AND version.valid_to >= @at_from
        """;

    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        new CodeFilter("code", "Units with this code; in different times it may have named different units.", "34", Own("code IN (@values)"), "^[0-9]{2}$", 2),
        Choice<ProvinceKind>("kind", "kind", "Units of this kind: today, when they ended, or on the day asked for."),
        new ChoiceFilter("region", "Units of this socio-economic region: today, when they ended, or on the day asked for.",
            "Đồng bằng sông Hồng", Own("region IN (@values)"), ProvinceValidator.Regions),
        new ChoiceFilter("status", "Units that exist today, or that have ended.", "Existing",
            new(Table, $"CASE province.valid_to WHEN '{Forever}' THEN 'Existing' ELSE 'Ended' END IN (@values)"), ["Existing", "Ended"]),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("name", "name_key"), new("code", "code"), new("validFrom", "valid_from")];

    public override IReadOnlyList<Link> Links { get; } = [new("predecessors[].id", "provinces"), new("successors[].id", "provinces")];

    protected override string Title(Province province) => province.Name;

    protected override IEnumerable<DerivedRows> Rows(Province province) =>
    [
        Row(("code", province.Code), ("name_key", VietnameseOrder.Key(province.Name)), ("kind", province.Kind.ToString()),
            ("region", province.Region), ("valid_from", Day(province.ValidFrom)), ("valid_to", Day(province.ValidTo) ?? Forever)),
        new("province_version", [.. province.Versions.Select<ProvinceVersion, (string, Value)[]>(version =>
        [
            ("name_key", VietnameseOrder.Key(version.Name)), ("kind", version.Kind.ToString()), ("region", version.Region),
            ("valid_from", Day(version.ValidFrom)), ("valid_to", Day(version.ValidTo) ?? Forever),
        ])]),
        new("province_event", [.. Events(province).Select<(DateOnly On, TimelineEvent Event), (string, Value)[]>(happened =>
            [("happened_on", Day(happened.On)), ("event", happened.Event.ToString())])]),
    ];

    /// <summary>
    /// What happened to a unit. Units that are there from the record's first day on were not formed that day, and one that passed into another has not merely ended.
    /// </summary>
    private static IEnumerable<(DateOnly On, TimelineEvent Event)> Events(Province province)
    {
        if (province.Predecessors.Count > 0 || province.ValidFrom > AtParameter.Covered)
            yield return (province.ValidFrom, TimelineEvent.Formed);
        foreach (var (before, after) in province.Versions.Zip(province.Versions.Skip(1)))
        {
            if (before.Name != after.Name)
                yield return (after.ValidFrom, TimelineEvent.Renamed);
            if (before.Kind != after.Kind)
                yield return (after.ValidFrom, TimelineEvent.KindChanged);
        }
        foreach (var passing in province.Successors.DistinctBy(successor => successor.On))
            yield return (passing.On, TimelineEvent.Merged);
        // The last day is still one of the unit's.
        if (province is { ValidTo: { } last, Successors.Count: 0 })
            yield return (last.AddDays(1), TimelineEvent.Ended);
    }

    protected override Province? At(Province province, DateOnly at) =>
        province.Versions.FirstOrDefault(version => version.ValidFrom <= at && !(version.ValidTo < at)) is { } then
            ? province with { Name = then.Name, NameEn = then.NameEn, Kind = then.Kind, Region = then.Region }
            : null;
}
