using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Commitments;

/// <summary>`/v1/commitments`.</summary>
internal sealed class CommitmentResource() : Resource<Commitment, CommitmentValidator>(
    type: "commitments",
    singular: "commitment",
    table: "commitment",
    example: "ha-noi-thai-binh-2019-vanh-dai-5",
    description: "What was promised, directed, assigned or recommended, who answers for it, and how far it has got.")
{
    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Choice<CommitmentKind>("kind", "kind", "Commitments of this kind."),
        Choice<CommitmentStatus>("status", "status", "Commitments with this status."),
        Naming("provinceId", "provinces", "Commitments that concern this province.", "thai-binh"),
        Naming("agreementId", "agreements", "Commitments of this agreement.", "noi-dung-hop-tac-ha-noi-thai-binh-2019", "agreementId"),
        Naming("meetingId", "meetings", "Commitments made at this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26", "meetingId"),
        Naming("groupId", "cooperation-groups", "Commitments in this group of cooperation.", "ha-noi-thai-binh-2019-se-1", "groupIds[]"),
        InGroupsOf("Commitments in a group of cooperation of this pillar."),
        Naming("officialId", "officials", "Commitments that this official voiced or answers for.", "tran-thi-dieu-thuy"),
        Naming("organizationId", "organizations", "Commitments that this organization voiced or answers for.", "ban-thuong-vu-thanh-uy-ha-noi"),
        .. Days("Commitments due", "due_on", "due_from", "due_to"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("title", "title_key"), new("dueOn", "due_on")];

    public override IReadOnlyList<SubList> SubLists =>
        [new("meetings", "meetingId"), new("agreements", "agreementId"), new("cooperation-groups", "groupId"), new("provinces", "provinceId")];

    public override IReadOnlyList<Link> Links { get; } =
    [
        new("agreementId", "agreements"),
        new("meetingId", "meetings"),
        new("groupIds[]", "cooperation-groups"),
        new("provinceIds[]", "provinces"),
        new("voicedBy[].officialId", "officials"),
        new("voicedBy[].organizationId", "organizations"),
        new("voicedBy[].provinceId", "provinces"),
        new("responsible[].officialId", "officials"),
        new("responsible[].organizationId", "organizations"),
        new("responsible[].provinceId", "provinces"),
    ];

    protected override string Title(Commitment commitment) => commitment.Title;

    protected override IEnumerable<DerivedRows> Rows(Commitment commitment) =>
    [
        Row(("title_key", VietnameseOrder.Key(commitment.Title)), ("kind", commitment.Kind.ToString()), ("status", commitment.Status.ToString()),
            ("due_on", commitment.DueOn?.Text ?? ""), ("due_from", Day(commitment.DueOn?.First)), ("due_to", Day(commitment.DueOn?.Last)),
            ("status_from", Day(commitment.StatusAsOf?.First)), ("status_to", Day(commitment.StatusAsOf?.Last))),
    ];
}

/// <summary>The rules of a commitment.</summary>
internal sealed class CommitmentValidator : CitedRecordValidator<Commitment>
{
    public CommitmentValidator()
    {
        RuleFor(commitment => commitment.Title).Text(500);
        RuleFor(commitment => commitment.TitleEn).Text(500);
        RuleFor(commitment => commitment.AgreementId).Slug();
        RuleFor(commitment => commitment.MeetingId).Slug();
        this.Slugs(commitment => commitment.GroupIds);
        this.Slugs(commitment => commitment.ProvinceIds);
        RuleFor(commitment => commitment.VoicedBy).Size(0, 50);
        RuleForEach(commitment => commitment.VoicedBy).SetValidator(new PartyValidator());
        RuleFor(commitment => commitment.Responsible).Size(0, 50);
        RuleForEach(commitment => commitment.Responsible).SetValidator(new PartyValidator());
        RuleFor(commitment => commitment.Period!).SetValidator(new PeriodValidator()).When(commitment => commitment.Period is not null);
    }
}
