using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Agreements;

/// <summary>The resource `/v1/agreements`.</summary>
internal sealed class AgreementResource() : Resource<Agreement, AgreementValidator>(
    type: "agreements",
    singular: "agreement",
    table: "agreement",
    example: "noi-dung-hop-tac-ha-noi-thai-binh-2019",
    description: "Documents and conclusions that meetings adopted, with the number of cooperation groups that they declare.")
{
    public override string RemovalExample => "bac-giang-lang-son-2023";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateReferenceFilter("provinceId", "provinces", "Agreements that bind this province.", "thai-binh", "provinceIds[]"),
        CreateReferenceFilter("meetingId", "meetings", "Agreements that this meeting adopted.", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
            "meetingId"),
        CreateProvincePairFilter("Agreements that bind both of these provinces."),
        new FullDateFilter("inForceOn",
            "Agreements in force on this day: adopted or begun by then, and not ended before. An agreement without an end is in force.",
            "2019-10-26", OnOwnTable("in_force_from <= @inForceOn AND agreement.in_force_to >= @inForceOn")),
        .. CreateDateRangeFilters("Agreements adopted", "adopted_on", "adopted_from", "adopted_to"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders =>
        [new("adoptedOn", "adopted_on", SortType.Date, IsDescending: true), new("title", "title_key")];

    public override IReadOnlyList<NestedList> NestedLists => [new("provinces", "provinceId"), new("meetings", "meetingId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("meetingId", "meetings", "meeting"),
        new("provinceIds[]", "provinces", "provinces"),
    ];

    public override bool DescribesEvent => true;

    protected override DateRange GetDateRange(Agreement agreement) => new(agreement.AdoptedOn);

    protected override string SelectTitle(Agreement agreement) => agreement.Title;

    protected override string? SelectTitleEn(Agreement agreement) => agreement.TitleEn;

    protected override IReadOnlyList<ReadableColumn<Agreement>> SpecificReadableColumns =>
    [
        new("title,titleEn", "Agreement", "Thỏa thuận", 30, (agreement, format) => format.Select(agreement.Title, agreement.TitleEn)),
        new("provinceIds", "Parties", "Các bên", 18,
            (agreement, format) => format.JoinLabels(agreement.ProvinceIds, ResourceTypes.Provinces)),
        new("adoptedOn", "Adopted", "Ngày thông qua", 11, (agreement, format) => format.FormatDate(agreement.AdoptedOn)),
        new("period", "Period", "Thời hạn", 15, (agreement, format) => format.FormatPeriod(agreement.Period)),
        new("declaredGroups", "Groups", "Số nhóm hợp tác", 15,
            (agreement, format) => FormatDeclaredGroups(agreement.DeclaredGroups, format)),
        new("meetingId", "Meeting", "Cuộc gặp", 24, (agreement, format) => format.GetLabel(agreement.MeetingId, "meetings")),
        new("laterDocuments", "Later documents", "Văn bản ban hành sau", 26,
            (agreement, format) => FormatDocuments(agreement.LaterDocuments, format)),
    ];

    private static string? FormatDeclaredGroups(DeclaredGroups? groups, ReadableFormatter format) => groups is null
        ? null
        : ReadableFormatter.JoinLines(
            format.AddCaption("Party building", "Xây dựng Đảng", format.FormatNumber(groups.PartyBuilding)),
            format.AddCaption("Socio-economic", "Kinh tế - xã hội", format.FormatNumber(groups.SocioEconomic)),
            format.FormatNumber(groups.Total));

    private static string FormatDocuments(IEnumerable<FollowUpDocument> documents, ReadableFormatter format) =>
        ReadableFormatter.JoinLines(documents.Select(document => ReadableFormatter.AddDetails(
            format.Select(document.Title, document.TitleEn), format.FormatDate(document.IssuedOn))));

    protected override IEnumerable<DerivedRows> DeriveRows(Agreement agreement) =>
    [
        CreateRow(
        [
            ("title_key", VietnameseSortKey.Create(agreement.Title)),
            .. GetDateRange(agreement).ToColumns("adopted_on", "adopted_from", "adopted_to"),
            // An agreement begins with its period; without a first day of the period, on the day of adoption.
            ("in_force_from", FormatDate(agreement.Period?.From?.FirstDay ?? agreement.AdoptedOn?.FirstDay)),
            ("in_force_to", FormatDate(agreement.Period?.To?.LastDay ?? DateOnly.MaxValue)),
        ]),
    ];
}

/// <summary>Validates an agreement.</summary>
internal sealed class AgreementValidator : CitedRecordValidator<Agreement>
{
    public AgreementValidator()
    {
        RuleFor(agreement => agreement.Title).Text(500);
        RuleFor(agreement => agreement.TitleEn).Text(500);
        RuleFor(agreement => agreement.MeetingId).Slug();
        this.RuleForSlugs(agreement => agreement.ProvinceIds, minCount: 1);
        RuleFor(agreement => agreement.Period!).SetValidator(new PeriodValidator());
        this.RuleForItems(agreement => agreement.LaterDocuments, new FollowUpDocumentValidator(), maxCount: 50);
        RuleForEach(agreement => agreement.LaterDocuments)
            .Must((agreement, document) => !(document.IssuedOn?.LastDay < agreement.AdoptedOn?.FirstDay))
            .WithErrorCode("date_before_adoption")
            .WithState((agreement, _) => new object[] { agreement.Id, agreement.AdoptedOn!.Value });
        RuleFor(agreement => agreement.DeclaredGroups!).SetValidator(new DeclaredGroupsValidator());
    }
}

internal sealed class FollowUpDocumentValidator : AbstractValidator<FollowUpDocument>
{
    public FollowUpDocumentValidator()
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
