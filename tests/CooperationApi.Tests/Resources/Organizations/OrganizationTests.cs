namespace CooperationApi.Tests.Resources.Organizations;

[Collection(nameof(SharedApi))]
public sealed class OrganizationTests(ApiFixture api)
{
    [Theory]
    [InlineData("thanh-uy-ha-noi", "PartyCommittee", "ha-noi", null)]
    [InlineData("ban-thuong-vu-tinh-uy-thai-binh", "PartyCommittee", "thai-binh", "tinh-uy-thai-binh")]
    [InlineData("uy-ban-mttq-viet-nam-tp-ha-noi", "FatherlandFront", "ha-noi", null)]
    [InlineData("quy-an-sinh-xa-hoi-tinh-thai-binh", "Fund", "thai-binh", null)]
    [InlineData("cong-ty-co-phan-san-xuat-hang-the-thao-mxp", "Enterprise", "thai-binh", null)]
    [InlineData("bo-chinh-tri", "PartyCommittee", null, null)]
    public async Task Organization_has_its_kind_province_and_parent(string id, string kind, string? provinceId, string? parentId)
    {
        var organization = await api.GetJson($"/v1/organizations/{id}");
        Assert.Equal((kind, provinceId, parentId),
            ((string)organization["kind"]!, (string?)organization["provinceId"], (string?)organization["parentId"]));
    }

    [Fact]
    public async Task Organizations_are_found_by_their_parent()
    {
        Assert.Equal(["ban-thuong-vu-thanh-uy-ha-noi"], (await api.GetAllItems("/v1/organizations?parentId=thanh-uy-ha-noi")).GetIds());
    }
}
