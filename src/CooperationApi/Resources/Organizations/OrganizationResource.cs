using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;

namespace CooperationApi.Resources.Organizations;

/// <summary>The resource `/v1/organizations`.</summary>
internal sealed class OrganizationResource() : Resource<Organization, OrganizationValidator>(
    type: "organizations",
    singular: "organization",
    table: "organization",
    example: "thanh-uy-ha-noi",
    description: "Party committees, councils, people's committees, fronts, funds, enterprises, hospitals and similar bodies.")
{
    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateEnumFilter<OrganizationKind>("kind", "kind", "Organizations of this kind."),
        CreateReferenceFilter("provinceId", "provinces", "Organizations of this province.", "thai-binh", "provinceId"),
        CreateReferenceFilter("parentId", "organizations", "Organizations that are part of this organization.", "thanh-uy-ha-noi",
            "parentId"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("name", "name_key")];

    public override IReadOnlyList<NestedList> NestedLists => [new("provinces", "provinceId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("provinceId", "provinces", "province"),
        new("parentId", "organizations", "parent"),
    ];

    protected override string SelectTitle(Organization organization) => organization.Name;

    protected override IReadOnlyList<ReadableColumn<Organization>> SpecificReadableColumns =>
    [
        new("name", "Name", "Tên", 36, (organization, format) => organization.Name),
        new("kind", "Kind", "Loại", 18, (organization, format) => format.GetName<OrganizationKind>(organization.Kind)),
        new("provinceId", "Province", "Tỉnh, thành phố", 16,
            (organization, format) => format.GetLabel(organization.ProvinceId, ResourceTypes.Provinces)),
        new("parentId", "Part of", "Trực thuộc", 30, (organization, format) => format.GetLabel(organization.ParentId, Type)),
    ];

    protected override IEnumerable<DerivedRows> DeriveRows(Organization organization) =>
        [CreateRow(("name_key", VietnameseSortKey.Create(organization.Name)), ("kind", organization.Kind.ToString()))];
}

/// <summary>Validates an organization.</summary>
internal sealed class OrganizationValidator : CitedRecordValidator<Organization>
{
    public OrganizationValidator()
    {
        RuleFor(organization => organization.Name).Text(300);
        RuleFor(organization => organization.ProvinceId).Slug();
        RuleFor(organization => organization.ParentId).Slug();
    }
}
