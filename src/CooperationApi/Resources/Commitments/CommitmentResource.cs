using CooperationApi.Contracts;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;

namespace CooperationApi.Resources.Commitments;

/// <summary>The resource `/v1/commitments`.</summary>
internal sealed class CommitmentResource() : Resource<Commitment, CommitmentValidator>(
    type: "commitments",
    singular: "commitment",
    table: "commitment",
    example: "ha-noi-thai-binh-2019-vanh-dai-5",
    description: "Commitments that were agreed, directed, assigned, planned or recommended, with the responsible parties and the reported "
        + "status.")
{
    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateEnumFilter<CommitmentKind>("kind", "kind", "Commitments of this kind."),
        CreateEnumFilter<CommitmentStatus>("status", "status", "Commitments with this status."),
        CreateReferenceFilter("provinceId", "provinces", "Commitments that refer to this province.", "thai-binh"),
        CreateReferenceFilter("agreementId", "agreements", "Commitments of this agreement.", "noi-dung-hop-tac-ha-noi-thai-binh-2019",
            "agreementId"),
        CreateReferenceFilter("meetingId", "meetings", "Commitments made at this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
            "meetingId"),
        CreateReferenceFilter("groupId", "cooperation-groups", "Commitments in this cooperation group.", "ha-noi-thai-binh-2019-se-1",
            "groupIds[]"),
        CreatePillarFilter("Commitments in a cooperation group of this pillar."),
        CreateReferenceFilter("officialId", "officials", "Commitments that this official voiced or is responsible for.",
            "tran-thi-dieu-thuy"),
        CreateReferenceFilter("organizationId", "organizations", "Commitments that this organization voiced or is responsible for.",
            "ban-thuong-vu-thanh-uy-ha-noi"),
        .. CreateDateRangeFilters("Commitments due", "due_on", "due_from", "due_to"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("title", "title_key"), new("dueOn", "due_on", SortType.Date)];

    public override IReadOnlyList<NestedList> NestedLists =>
        [new("meetings", "meetingId"), new("agreements", "agreementId"), new("cooperation-groups", "groupId"),
            new("provinces", "provinceId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("agreementId", "agreements", "agreement"),
        new("meetingId", "meetings", "meeting"),
        new("groupIds[]", "cooperation-groups", "groups"),
        new("provinceIds[]", "provinces", "provinces"),
        new("voicedBy[].officialId", "officials", "voicedBy.official"),
        new("voicedBy[].organizationId", "organizations", "voicedBy.organization"),
        new("voicedBy[].provinceId", "provinces", "voicedBy.province"),
        new("responsible[].officialId", "officials", "responsible.official"),
        new("responsible[].organizationId", "organizations", "responsible.organization"),
        new("responsible[].provinceId", "provinces", "responsible.province"),
    ];

    protected override DateRange GetDateRange(Commitment commitment) => new(commitment.DueOn);

    protected override string SelectTitle(Commitment commitment) => commitment.Title;

    protected override IEnumerable<DerivedRows> DeriveRows(Commitment commitment) =>
    [
        CreateRow(
        [
            ("title_key", VietnameseSortKey.Create(commitment.Title)), ("kind", commitment.Kind.ToString()),
            ("status", commitment.Status.ToString()), ("status_from", FormatDate(commitment.StatusAsOf?.FirstDay)),
            ("status_to", FormatDate(commitment.StatusAsOf?.LastDay)),
            .. GetDateRange(commitment).ToColumns("due_on", "due_from", "due_to"),
        ]),
    ];
}

/// <summary>Validates a commitment.</summary>
internal sealed class CommitmentValidator : CitedRecordValidator<Commitment>
{
    public CommitmentValidator()
    {
        RuleFor(commitment => commitment.Title).Text(500);
        RuleFor(commitment => commitment.TitleEn).Text(500);
        RuleFor(commitment => commitment.AgreementId).Slug();
        RuleFor(commitment => commitment.MeetingId).Slug();
        this.RuleForSlugs(commitment => commitment.GroupIds);
        this.RuleForSlugs(commitment => commitment.ProvinceIds);
        this.RuleForItems(commitment => commitment.VoicedBy, new PartyValidator(), maxCount: 50);
        this.RuleForItems(commitment => commitment.Responsible, new PartyValidator(), maxCount: 50);
        RuleFor(commitment => commitment.Period!).SetValidator(new PeriodValidator());
    }
}
