using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;

namespace CooperationApi.Resources.Provinces;

/// <summary>The resource `/v1/provinces`: the current and former units or, with `?at=`, the units on that date.</summary>
internal sealed class ProvinceResource() : Resource<Province, ProvinceValidator>(
    type: ResourceTypes.Provinces,
    singular: "province",
    table: "province",
    example: "thai-binh",
    description: "Provincial administrative units of Vietnam since 2008-08-01, each from its first day to its last day.")
{
    /// <summary>
    /// The first day that the data set covers: Hà Nội was enlarged on 2008-08-01. Units that existed before have this day as `validFrom`.
    /// </summary>
    public static readonly DateOnly CoverageStart = new(2008, 8, 1);

    private const string OpenEndDate = "9999-12-31";

    public override string AsOfSql =>
        """
        SELECT unit.row_id, unit.id, unit.code, version.name_key, version.kind, version.region, unit.valid_from, unit.valid_to
        FROM province_version version JOIN province unit ON unit.row_id = version.row_id
        WHERE version.valid_from <= @at_to AND version.valid_to >= @at_from
        """;

    public override string RemovalExample => "dien-bien";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        new PatternFilter("code", "Units with this code. Different units may have had the same code at different times.", "34",
            OnOwnTable("code IN (@values)"), "^[0-9]{2}$", 2),
        CreateEnumFilter<ProvinceKind>("kind", "kind", "Units of this kind: today, on their last day, or on the date `at`."),
        new EnumFilter("region", "Units in this socio-economic region: today, on their last day, or on the date `at`.",
            "Đồng bằng sông Hồng", OnOwnTable("region IN (@values)"), ProvinceValidator.Regions),
        new EnumFilter("status", "Units that exist today (`Existing`) or that have ended (`Ended`).", "Existing",
            new(Table, $"CASE province.valid_to WHEN '{OpenEndDate}' THEN 'Existing' ELSE 'Ended' END IN (@values)"),
            ["Existing", "Ended"]),
    ];

    public override IReadOnlyList<SortOrder> SortOrders =>
        [new("name", "name_key"), new("code", "code"), new("validFrom", "valid_from", SortType.Date)];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("predecessors[].id", "provinces"),
        new("successors[].id", "provinces"),
    ];

    protected override DateRange GetDateRange(Province province) =>
        new(province.ValidFrom.ToIso(), null, province.ValidFrom.ToIso(), FormatDate(province.ValidTo) ?? OpenEndDate);

    protected override string SelectTitle(Province province) => province.Name;

    protected override string? SelectTitleEn(Province province) => province.NameEn;

    protected override IReadOnlyList<ReadableColumn<Province>> SpecificReadableColumns =>
    [
        new("name,fullName,nameEn", "Name", "Tên", 14,
            (province, format) => format.Select(province.FullName ?? province.Name, province.NameEn)),
        new("region", "Region", "Vùng", 15, (province, format) => province.Region),
        new("kind", "Kind", "Loại", 11, (province, format) => format.GetName<ProvinceKind>(province.Kind)),
        new("validFrom,validTo", "Existed", "Thời gian tồn tại", 12,
            (province, format) => format.FormatRange(format.FormatDate(province.ValidFrom), format.FormatDate(province.ValidTo))),
        new("predecessors", "Formed from", "Hợp nhất từ", 17, (province, format) => FormatSuccessions(province.Predecessors, format)),
        new("successors", "Merged into", "Sáp nhập vào", 17, (province, format) => FormatSuccessions(province.Successors, format)),
        new("versions", "Names by period", "Tên theo thời kỳ", 26, (province, format) => FormatVersions(province.Versions, format)),
        new("aliases", "Other names", "Tên khác", 12, (province, format) => string.Join("; ", province.Aliases)),
        new("code,isoCode", "Codes", "Mã thống kê, mã ISO", 9,
            (province, format) => ReadableFormatter.JoinLines(province.Code, province.IsoCode)),
    ];

    private static string FormatSuccessions(IEnumerable<ProvinceSuccession> successions, ReadableFormatter format) =>
        ReadableFormatter.JoinLines(successions.Select(succession => ReadableFormatter.AddDetails(
            format.GetLabel(succession.Id, ResourceTypes.Provinces), format.FormatDate(succession.On), succession.LegalBasis)));

    private static string FormatVersions(IEnumerable<ProvinceVersion> versions, ReadableFormatter format) =>
        ReadableFormatter.JoinLines(versions.Select(version => ReadableFormatter.AddDetails(
            format.Select(version.Name, version.NameEn),
            format.FormatRange(format.FormatDate(version.ValidFrom), format.FormatDate(version.ValidTo)),
            format.GetName<ProvinceKind>(version.Kind), version.Region, version.LegalBasis, version.RegionLegalBasis)));

    /// <summary>Returns the names of the earlier periods: search finds `Thừa Thiên Huế`, which is called Huế today.</summary>
    protected override IEnumerable<string> SelectFormerNames(Province province) =>
        province.Versions.SelectMany(version => new[] { version.Name, version.NameEn }).Except([province.Name, province.NameEn]);

    protected override IEnumerable<DerivedRows> DeriveRows(Province province) =>
    [
        CreateRow(("code", province.Code), ("name_key", VietnameseSortKey.Create(province.Name)), ("kind", province.Kind.ToString()),
            ("region", province.Region), ("valid_from", FormatDate(province.ValidFrom)),
            ("valid_to", FormatDate(province.ValidTo) ?? OpenEndDate)),
        new("province_version", [.. province.Versions.Select<ProvinceVersion, (string, SqlValue)[]>(version =>
        [
            ("name_key", VietnameseSortKey.Create(version.Name)), ("kind", version.Kind.ToString()), ("region", version.Region),
            ("valid_from", FormatDate(version.ValidFrom)), ("valid_to", FormatDate(version.ValidTo) ?? OpenEndDate),
        ])]),
        new("province_event", [.. DeriveEvents(province).Select<(DateOnly Date, TimelineEvent Event), (string, SqlValue)[]>(provinceEvent =>
            [("event_date", FormatDate(provinceEvent.Date)), ("event", provinceEvent.Event.ToString())])]),
    ];

    /// <summary>
    /// Derives the timeline events of a unit. A unit without predecessors that starts on <see cref="CoverageStart"/> has no `Formed` event,
    /// since it existed before. A unit with successors has `Merged` events instead of an `Ended` event.
    /// </summary>
    private static IEnumerable<(DateOnly Date, TimelineEvent Event)> DeriveEvents(Province province)
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
        // `ValidTo` is inclusive, so the unit ends on the day after it.
        if (province is { ValidTo: { } lastDay, Successors.Count: 0 })
            yield return (lastDay.AddDays(1), TimelineEvent.Ended);
    }

    protected override Province? GetAsOf(Province province, DateOnly date) =>
        province.Versions.FirstOrDefault(version => version.ValidFrom <= date && !(version.ValidTo < date)) is { } matchingVersion
            ? province
                with
            {
                Name = matchingVersion.Name,
                FullName = GetFullName(province, matchingVersion),
                NameEn = matchingVersion.NameEn,
                Kind = matchingVersion.Kind,
                Region = matchingVersion.Region,
            }
            : null;

    /// <summary>
    /// Returns the full name in a period: the stored one if kind and name are the last ones, otherwise one derived from these; null if the
    /// record has none.
    /// </summary>
    private static string? GetFullName(Province province, ProvinceVersion version) => province.FullName is { } fullName
        ? (version.Kind, version.Name) == (province.Kind, province.Name)
            ? fullName
            : ProvinceFullName.Create(version.Kind, version.Name)
        : null;
}
