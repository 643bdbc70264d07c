namespace CooperationApi.Tests.Organizations;

[Collection(nameof(Reading))]
public sealed class OrganizationTests(Api api)
{
    [Theory]
    [InlineData("thanh-uy-ha-noi", "PartyCommittee", "ha-noi", null)]
    [InlineData("ban-thuong-vu-tinh-uy-thai-binh", "PartyCommittee", "thai-binh", "tinh-uy-thai-binh")]
    [InlineData("uy-ban-mttq-viet-nam-tp-ha-noi", "FatherlandFront", "ha-noi", null)]
    [InlineData("quy-an-sinh-xa-hoi-tinh-thai-binh", "Fund", "thai-binh", null)]
    [InlineData("cong-ty-co-phan-san-xuat-hang-the-thao-mxp", "Enterprise", "thai-binh", null)]
    [InlineData("bo-chinh-tri", "PartyCommittee", null, null)]
    public async Task An_organization_belongs_to_its_province_and_its_parent(string id, string kind, string? provinceId, string? parentId)
    {
        var organization = await api.Json($"/v1/organizations/{id}");
        Assert.Equal((kind, provinceId, parentId), ((string)organization["kind"]!, (string?)organization["provinceId"], (string?)organization["parentId"]));
    }

    [Fact]
    public async Task The_parts_of_an_organization_are_found_by_it()
    {
        Assert.Equal(["ban-thuong-vu-thanh-uy-ha-noi"], (await api.All("/v1/organizations?parentId=thanh-uy-ha-noi")).Ids());
    }
}
