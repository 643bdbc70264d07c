using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Organizations;

/// <summary>`/v1/organizations`.</summary>
internal sealed class OrganizationResource() : Resource<Organization, OrganizationValidator>(
    type: "organizations",
    singular: "organization",
    table: "organization",
    example: "thanh-uy-ha-noi",
    description: "Party committees, councils, people's committees, fronts, funds, enterprises, hospitals and the like.")
{
    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Choice<OrganizationKind>("kind", "kind", "Organizations of this kind."),
        Naming("provinceId", "provinces", "Organizations of this province.", "thai-binh", "provinceId"),
        Naming("parentId", "organizations", "Organizations that are part of this one.", "thanh-uy-ha-noi", "parentId"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("name", "name_key")];

    public override IReadOnlyList<SubList> SubLists => [new("provinces", "provinceId")];

    public override IReadOnlyList<Link> Links { get; } = [new("provinceId", "provinces"), new("parentId", "organizations")];

    protected override string Title(Organization organization) => organization.Name;

    protected override IEnumerable<DerivedRows> Rows(Organization organization) =>
        [Row(("name_key", VietnameseOrder.Key(organization.Name)), ("kind", organization.Kind.ToString()))];
}

/// <summary>The rules of an organization.</summary>
internal sealed class OrganizationValidator : CitedRecordValidator<Organization>
{
    public OrganizationValidator()
    {
        RuleFor(organization => organization.Name).Text(300);
        RuleFor(organization => organization.ProvinceId).Slug();
        RuleFor(organization => organization.ParentId).Slug();
    }
}
