using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Agreements;

/// <summary>`/v1/agreements`.</summary>
internal sealed class AgreementResource() : Resource<Agreement, AgreementValidator>(
    type: "agreements",
    singular: "agreement",
    table: "agreement",
    example: "noi-dung-hop-tac-ha-noi-thai-binh-2019",
    description: "What meetings adopted, and how many groups of cooperation it declares.")
{
    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Naming("provinceId", "provinces", "Agreements that bind this province.", "thai-binh", "provinceIds[]"),
        Naming("meetingId", "meetings", "Agreements that this meeting adopted.", "hoi-nghi-ha-noi-thai-binh-2019-10-26", "meetingId"),
        .. Days("Agreements adopted", "adopted_on", "adopted_from", "adopted_to"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("adoptedOn", "adopted_on", Descending: true), new("title", "title_key")];

    public override IReadOnlyList<SubList> SubLists => [new("provinces", "provinceId"), new("meetings", "meetingId")];

    public override IReadOnlyList<Link> Links { get; } = [new("meetingId", "meetings"), new("provinceIds[]", "provinces")];

    protected override string Title(Agreement agreement) => agreement.Title;

    protected override IEnumerable<DerivedRows> Rows(Agreement agreement) =>
    [
        Row(("title_key", VietnameseOrder.Key(agreement.Title)), ("adopted_on", HappenedOn(agreement)),
            ("adopted_from", Day(agreement.AdoptedOn?.First)), ("adopted_to", Day(agreement.AdoptedOn?.Last))),
    ];

    protected override string HappenedOn(Agreement agreement) => agreement.AdoptedOn?.Text ?? "";
}

/// <summary>The rules of an agreement.</summary>
internal sealed class AgreementValidator : CitedRecordValidator<Agreement>
{
    public AgreementValidator()
    {
        RuleFor(agreement => agreement.Title).Text(500);
        RuleFor(agreement => agreement.TitleEn).Text(500);
        RuleFor(agreement => agreement.MeetingId).Slug();
        this.Slugs(agreement => agreement.ProvinceIds, fewest: 1);
        RuleFor(agreement => agreement.Period!).SetValidator(new PeriodValidator()).When(agreement => agreement.Period is not null);
        RuleFor(agreement => agreement.LaterDocuments).Size(0, 50);
        RuleForEach(agreement => agreement.LaterDocuments).SetValidator(new LaterDocumentValidator());
        RuleFor(agreement => agreement.DeclaredGroups!).SetValidator(new DeclaredGroupsValidator()).When(agreement => agreement.DeclaredGroups is not null);
    }
}

internal sealed class LaterDocumentValidator : AbstractValidator<LaterDocument>
{
    public LaterDocumentValidator()
    {
        RuleFor(document => document.Title).Text(500);
        RuleFor(document => document.TitleEn).Text(500);
    }
}

internal sealed class DeclaredGroupsValidator : AbstractValidator<DeclaredGroups>
{
    public DeclaredGroupsValidator()
    {
        RuleFor(groups => groups.PartyBuilding).Number(0, 100);
        RuleFor(groups => groups.SocioEconomic).Number(0, 100);
        RuleFor(groups => groups.Total).Number(0, 100);
    }
}
