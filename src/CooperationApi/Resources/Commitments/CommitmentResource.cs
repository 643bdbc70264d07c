using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
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
    private const string PartyTypes = "officials|organizations|provinces", BeneficiaryTypes = "provinces|organizations";

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
        CreateProvincePairFilter("Commitments that concern both of these provinces."),
        CreateReferenceFilter("responsibleId", PartyTypes, "Commitments for which this official, organization or province is responsible.",
            "ban-thuong-vu-thanh-uy-ha-noi", "responsible[].officialId", "responsible[].organizationId", "responsible[].provinceId"),
        CreateReferenceFilter("voicedById", PartyTypes, "Commitments that this official, organization or province voiced.",
            "hoang-trung-hai", "voicedBy[].officialId", "voicedBy[].organizationId", "voicedBy[].provinceId"),
        CreateReferenceFilter("beneficiaryId", BeneficiaryTypes, "Commitments from which this province or organization benefits.",
            "thai-binh", "beneficiaryIds[]"),
        new BooleanFilter("hasResult", "Commitments with (`true`) or without (`false`) a result that fulfils them.",
            new(Table, "fulfilled.id = fulfilment.commitment_id")
            {
                JoinTable = "commitment fulfilled CROSS JOIN fulfilment",
                RowIdColumn = "fulfilled.row_id",
                RowIdsQuery = "SELECT fulfilled.row_id FROM fulfilment CROSS JOIN commitment fulfilled WHERE fulfilled.id = "
                    + "fulfilment.commitment_id",
                MaxCounted = 4000,
            },
            new(Table, "NOT EXISTS (SELECT 1 FROM fulfilment WHERE fulfilment.commitment_id = commitment.id)") { MatchesMost = true }),
        new FullDateFilter("dueBefore", "Commitments due before this day.", "2026-01-01", OnOwnTable("due_to < @dueBefore")),
        new FullDateFilter("overdueOn", "Commitments that were due before this day and whose status is neither `Done` nor `Dropped`.",
            "2026-01-01", OnOwnTable("due_to < @overdueOn AND commitment.status NOT IN ('Done', 'Dropped')")),
        new FullDateFilter("periodEndedBefore", "Commitments whose period ended before this day.", "2026-01-01",
            OnOwnTable("period_to < @periodEndedBefore")),
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
        new("beneficiaryIds[]", BeneficiaryTypes),
    ];

    protected override DateRange GetDateRange(Commitment commitment) => new(commitment.DueOn);

    protected override string SelectTitle(Commitment commitment) => commitment.Title;

    protected override string? SelectTitleEn(Commitment commitment) => commitment.TitleEn;

    protected override IReadOnlyList<ReadableColumn<Commitment>> SpecificReadableColumns =>
    [
        new("title,titleEn", "Commitment", "Cam kết", 30, (commitment, format) => format.Select(commitment.Title, commitment.TitleEn)),
        new("responsible", "Responsible", "Bên chịu trách nhiệm", 18, (commitment, format) => format.FormatParties(commitment.Responsible)),
        new("quantity,unit,unitEn,amount,currency,approximate,bound", "Planned", "Số lượng, giá trị dự kiến", 13,
            (commitment, format) => format.FormatFigures(commitment)),
        new("dueOn,period", "Due", "Thời hạn", 13, (commitment, format) => FormatDueDate(commitment, format)),
        new("status,statusAsOf", "Status", "Tình trạng", 12,
            (commitment, format) => ReadableFormatter.AddDetails(format.GetName<CommitmentStatus>(commitment.Status),
                format.FormatDate(commitment.StatusAsOf))),
        new("voicedBy", "Voiced by", "Bên nêu", 16, (commitment, format) => format.FormatParties(commitment.VoicedBy)),
        new("groupIds", "Cooperation groups", "Nhóm hợp tác", 16,
            (commitment, format) => format.JoinLabels(commitment.GroupIds, ResourceTypes.CooperationGroups)),
        new("kind,provinceIds,beneficiaryIds,agreementId,meetingId", "Context", "Bối cảnh", 26,
            (commitment, format) => FormatContext(commitment, format)),
    ];

    private static string FormatDueDate(Commitment commitment, ReadableFormatter format) => ReadableFormatter.JoinLines(
        format.FormatRange(null, format.FormatDate(commitment.DueOn)), format.FormatPeriod(commitment.Period));

    private static string FormatContext(Commitment commitment, ReadableFormatter format) => ReadableFormatter.JoinLines(
        format.GetName<CommitmentKind>(commitment.Kind),
        format.AddCaption("Provinces", "Tỉnh, thành phố", format.JoinLabels(commitment.ProvinceIds, ResourceTypes.Provinces)),
        format.AddCaption("Beneficiaries", "Bên thụ hưởng",
            format.JoinLabels(commitment.BeneficiaryIds, ResourceTypes.Provinces, "organizations")),
        format.AddCaption("Agreement", "Thỏa thuận", format.GetLabel(commitment.AgreementId, "agreements")),
        format.AddCaption("Meeting", "Cuộc gặp", format.GetLabel(commitment.MeetingId, "meetings")));

    protected override IEnumerable<DerivedRows> DeriveRows(Commitment commitment) =>
    [
        CreateRow(
        [
            ("title_key", VietnameseSortKey.Create(commitment.Title)), ("kind", commitment.Kind.ToString()),
            ("status", commitment.Status.ToString()), ("status_from", FormatDate(commitment.StatusAsOf?.FirstDay)),
            ("status_to", FormatDate(commitment.StatusAsOf?.LastDay)),
            .. GetDateRange(commitment).ToColumns("due_on", "due_from", "due_to"),
            ("period_to", FormatDate(commitment.Period?.To?.LastDay)),
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
        this.RuleForSlugs(commitment => commitment.BeneficiaryIds);
        this.RuleForQuantities();
        RuleFor(commitment => commitment.Period!).SetValidator(new PeriodValidator());
    }
}
