using CooperationApi.Contracts;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Meetings;

/// <summary>The resource `/v1/meetings`.</summary>
internal sealed class MeetingResource() : Resource<Meeting, MeetingValidator>(
    type: "meetings",
    singular: "meeting",
    table: "meeting",
    example: "hoi-nghi-ha-noi-thai-binh-2019-10-26",
    description: "Conferences, visits, ceremonies and programmes, with their participants.")
{
    public override string RemovalExample => "dang-huong-den-tho-bac-ho-2019-10-26";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateEnumFilter<MeetingKind>("kind", "kind", "Meetings of this kind."),
        CreateReferenceFilter("provinceId", "provinces", "Meetings of this province, or with a participant from this province.",
            "thai-binh"),
        CreateReferenceFilter("officialId", "officials", "Meetings with this official as a participant.", "hoang-trung-hai"),
        CreateReferenceFilter("organizationId", "organizations", "Meetings with this organization as a participant.",
            "doan-cong-tac-tp-ha-noi"),
        CreateReferenceFilter("parentId", "meetings", "Meetings that were part of this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
            "parentId"),
        new BooleanFilter("topLevel", "Meetings that were no part of another meeting (`true`) or part of one (`false`).",
            OnOwnTable("is_part = 0"), OnOwnTable("is_part = 1")),
        CreateProvincePairFilter("Meetings of both of these provinces."),
        .. CreateDateRangeFilters("Meetings held", "held_on", "held_from", "held_to"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders =>
        [new("heldOn", "held_on", SortType.Date, IsDescending: true), new("title", "title_key")];

    public override IReadOnlyList<NestedList> NestedLists => [new("provinces", "provinceId"), new("officials", "officialId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("provinceIds[]", "provinces", "provinces"),
        new("parentId", "meetings", "parent"),
        new("participants[].officialId", "officials", "participants.official"),
        new("participants[].organizationId", "organizations", "participants.organization"),
        new("participants[].provinceId", "provinces", "participants.province"),
    ];

    public override bool DescribesEvent => true;

    protected override DateRange GetDateRange(Meeting meeting) => new(meeting.HeldOn);

    protected override string SelectTitle(Meeting meeting) => meeting.Title;

    protected override IEnumerable<DerivedRows> DeriveRows(Meeting meeting) =>
    [
        CreateRow(
        [
            ("title_key", VietnameseSortKey.Create(meeting.Title)), ("kind", meeting.Kind.ToString()),
            ("is_part", meeting.ParentId is null ? 0 : 1),
            .. GetDateRange(meeting).ToColumns("held_on", "held_from", "held_to"),
        ]),
    ];
}

/// <summary>Validates a meeting.</summary>
internal sealed class MeetingValidator : CitedRecordValidator<Meeting>
{
    public MeetingValidator()
    {
        RuleFor(meeting => meeting.Title).Text(500);
        RuleFor(meeting => meeting.TitleEn).Text(500);
        RuleFor(meeting => meeting.Place).Text(300);
        this.RuleForSlugs(meeting => meeting.ProvinceIds);
        RuleFor(meeting => meeting.ParentId).Slug();
        this.RuleForItems(meeting => meeting.Participants, new ParticipantValidator(), maxCount: 1000);
        RuleFor(meeting => meeting.Attendance!).SetValidator(new AttendanceValidator());
        RuleFor(meeting => meeting.Summary).Text(2000);
    }
}

internal sealed class AttendanceValidator : AbstractValidator<Attendance>
{
    public AttendanceValidator()
    {
        RuleFor(attendance => (int?)attendance.Quantity).Number(1, 10_000_000).OverridePropertyName("quantity");
        RuleFor(attendance => attendance.Unit).Unit();
        RuleFor(attendance => attendance.UnitEn).Unit();
    }
}

internal sealed class ParticipantValidator : AbstractValidator<Participant>
{
    public ParticipantValidator()
    {
        RuleFor(participant => participant.OfficialId).Slug();
        RuleFor(participant => participant.OrganizationId).Slug();
        RuleFor(participant => participant.Description).Text(500);
        RuleFor(participant => participant.ProvinceId).Slug();
        RuleFor(participant => participant.Title).Text(300);
        RuleFor(participant => participant)
            .Must(participant => (participant.OfficialId ?? participant.OrganizationId ?? participant.Description) is not null)
            .WithCode("party_missing");
    }
}
