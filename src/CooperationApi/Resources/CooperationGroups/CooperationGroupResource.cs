using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.CooperationGroups;

/// <summary>The resource `/v1/cooperation-groups`.</summary>
internal sealed class CooperationGroupResource() : Resource<CooperationGroup, CooperationGroupValidator>(
    type: ResourceTypes.CooperationGroups,
    singular: "cooperation group",
    table: "cooperation_group",
    example: "ha-noi-thai-binh-2019-se-1",
    description: "Cooperation groups that agreements declare, in Party building and in socio-economic fields.")
{
    public override string RemovalExample => "an-giang-dong-thap-2022-tourism";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateReferenceFilter("agreementId", "agreements", "Groups of this agreement.", "noi-dung-hop-tac-ha-noi-thai-binh-2019",
            "agreementId"),
        CreateEnumFilter<Pillar>("pillar", "pillar", "Groups of this pillar."),
        CreateEnumFilter<NameBasis>("nameBasis", "name_basis",
            "Groups whose name the source states (`Stated`) or the editors chose (`Editorial`).", NameBasis.Editorial),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("ordinal", "sort_key"), new("name", "name_key")];

    public override IReadOnlyList<NestedList> NestedLists => [new("agreements", "agreementId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences => [new("agreementId", "agreements", "agreement")];

    protected override string SelectTitle(CooperationGroup group) => group.Name;

    protected override string? SelectTitleEn(CooperationGroup group) => group.NameEn;

    protected override IReadOnlyList<ReadableColumn<CooperationGroup>> SpecificReadableColumns =>
    [
        new("name,nameEn,nameBasis", "Group", "Nhóm hợp tác", 32, (group, format) => FormatName(group, format)),
        new("pillar,ordinal", "Pillar and number", "Trụ cột, thứ tự", 18,
            (group, format) => ReadableFormatter.AddDetails(format.GetName(group.Pillar), format.FormatNumber(group.Ordinal))),
        new("themes", "Themes", "Chủ đề", 36, (group, format) => ReadableFormatter.JoinLines(group.Themes)),
        new("agreementId", "Agreement", "Thỏa thuận", 30, (group, format) => format.GetLabel(group.AgreementId, "agreements")),
    ];

    private static string? FormatName(CooperationGroup group, ReadableFormatter format) =>
        ReadableFormatter.AddDetails(format.Select(group.Name, group.NameEn),
            group.NameBasis == NameBasis.Editorial ? format.GetName<NameBasis>(group.NameBasis) : null);

    // The sort order `ordinal` sorts by agreement, then pillar, then ordinal.
    protected override IEnumerable<DerivedRows> DeriveRows(CooperationGroup group) =>
    [
        CreateRow(("sort_key", $"{group.AgreementId}/{group.Pillar}/{group.Ordinal:000}"),
            ("name_key", VietnameseSortKey.Create(group.Name)),
            ("pillar", group.Pillar?.ToString()), ("name_basis", group.NameBasis.ToString())),
    ];
}

/// <summary>Validates a cooperation group.</summary>
internal sealed class CooperationGroupValidator : CitedRecordValidator<CooperationGroup>
{
    public CooperationGroupValidator()
    {
        RuleFor(group => group.AgreementId).Slug();
        RuleFor(group => (int?)group.Ordinal).Number(1, 100).OverridePropertyName("ordinal");
        RuleFor(group => group.Name).Text(300);
        RuleFor(group => group.NameEn).Text(300);
        RuleFor(group => group.Themes).CountBetween(0, 50);
        RuleForEach(group => group.Themes).Text(300);
    }
}
