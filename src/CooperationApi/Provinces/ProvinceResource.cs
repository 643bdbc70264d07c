using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Provinces;

/// <summary>`/v1/provinces`: the units of every time, or of one day with `?at=`.</summary>
internal sealed class ProvinceResource : Resource<Province>
{
    private const string Forever = "9999-12-31";

    public override string Type => "provinces";

    public override string Singular => "province";

    public override string Description => "Provincial administrative units of Vietnam since 2008-08-01, from their start to their end.";

    public override string Example => "thai-binh";

    public override string Table => "province";

    public override string TableAt =>
        "SELECT id, code, name_key, kind, region, valid_from, valid_to FROM province_version WHERE valid_from <= @at_to AND valid_to >= @at_from";

    public override IReadOnlyList<Filter> Filters =>
    [
        new CodeFilter("code", "Units with this code; in different times it may have named different units.", "34", "province.code IN (@values)", "^[0-9]{2}$", 2),
        Choice<ProvinceKind>("kind", "kind", "Units of this kind: today, when they ended, or on the day asked for."),
        new ChoiceFilter("region", "Units of this socio-economic region: today, when they ended, or on the day asked for.", "province.region IN (@values)", ProvinceValidator.Regions),
        new ChoiceFilter("status", "Units that exist today, or that have ended.",
            $"CASE province.valid_to WHEN '{Forever}' THEN 'Existing' ELSE 'Ended' END IN (@values)", ["Existing", "Ended"]),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("name", "name_key"), new("code", "code"), new("validFrom", "valid_from")];

    protected override IValidator<Province> Validator { get; } = new ProvinceValidator();

    protected override string Title(Province province) => province.Name;

    protected override IEnumerable<DerivedRows> Rows(Province province) =>
    [
        Row(("code", province.Code), ("name_key", VietnameseOrder.Key(province.Name)), ("kind", province.Kind.ToString()),
            ("region", province.Region), ("valid_from", Day(province.ValidFrom)), ("valid_to", Day(province.ValidTo) ?? Forever)),
        new("province_version", ["code", "name_key", "kind", "region", "valid_from", "valid_to"],
            [.. province.Versions.Select(version => new object?[]
            {
                province.Code, VietnameseOrder.Key(version.Name), version.Kind.ToString(), version.Region, Day(version.ValidFrom), Day(version.ValidTo) ?? Forever,
            })]),
    ];

    protected override IEnumerable<Reference> References(Province province) =>
        Refer("predecessors", Type, province.Predecessors.Select(unit => unit.Id)).Concat(Refer("successors", Type, province.Successors.Select(unit => unit.Id)));

    protected override Province? At(Province province, DateOnly at) =>
        province.Versions.FirstOrDefault(version => version.ValidFrom <= at && !(version.ValidTo < at)) is { } then
            ? province with { Name = then.Name, NameEn = then.NameEn, Kind = then.Kind, Region = then.Region }
            : null;
}
