using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Meetings;

/// <summary>`/v1/meetings`.</summary>
internal sealed class MeetingResource() : Resource<Meeting, MeetingValidator>(
    type: "meetings",
    singular: "meeting",
    table: "meeting",
    example: "hoi-nghi-ha-noi-thai-binh-2019-10-26",
    description: "Conferences, visits, ceremonies and programmes, and who took part.")
{
    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Choice<MeetingKind>("kind", "kind", "Meetings of this kind."),
        Naming("provinceId", "provinces", "Meetings of this province, as a party or on a participant's side.", "thai-binh"),
        Naming("officialId", "officials", "Meetings in which this official took part.", "hoang-trung-hai"),
        Naming("organizationId", "organizations", "Meetings in which this organization took part.", "doan-cong-tac-tp-ha-noi"),
        Naming("parentId", "meetings", "Meetings that were part of this one.", "hoi-nghi-ha-noi-thai-binh-2019-10-26", "parentId"),
        .. Days("Meetings held", "held_on", "held_from", "held_to"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("heldOn", "held_on", Descending: true), new("title", "title_key")];

    public override IReadOnlyList<SubList> SubLists => [new("provinces", "provinceId"), new("officials", "officialId")];

    public override IReadOnlyList<Link> Links { get; } =
    [
        new("provinceIds[]", "provinces"),
        new("parentId", "meetings"),
        new("participants[].officialId", "officials"),
        new("participants[].organizationId", "organizations"),
        new("participants[].provinceId", "provinces"),
    ];

    protected override string Title(Meeting meeting) => meeting.Title;

    protected override IEnumerable<DerivedRows> Rows(Meeting meeting) =>
    [
        Row(("title_key", VietnameseOrder.Key(meeting.Title)), ("kind", meeting.Kind.ToString()),
            ("held_on", HappenedOn(meeting)), ("held_from", Day(meeting.HeldOn?.First)), ("held_to", Day(meeting.HeldOn?.Last))),
    ];

    protected override string HappenedOn(Meeting meeting) => meeting.HeldOn?.Text ?? "";
}

/// <summary>The rules of a meeting.</summary>
internal sealed class MeetingValidator : CitedRecordValidator<Meeting>
{
    public MeetingValidator()
    {
        RuleFor(meeting => meeting.Title).Text(500);
        RuleFor(meeting => meeting.TitleEn).Text(500);
        RuleFor(meeting => meeting.Place).Text(300);
        this.Slugs(meeting => meeting.ProvinceIds);
        RuleFor(meeting => meeting.ParentId).Slug();
        RuleFor(meeting => meeting.Participants).Size(0, 1000);
        RuleForEach(meeting => meeting.Participants).SetValidator(new ParticipantValidator());
        RuleFor(meeting => meeting.Attendance!).SetValidator(new AttendanceValidator()).When(meeting => meeting.Attendance is not null);
        RuleFor(meeting => meeting.Summary).Text(2000);
    }
}

internal sealed class AttendanceValidator : AbstractValidator<Attendance>
{
    public AttendanceValidator()
    {
        RuleFor(attendance => (int?)attendance.Quantity).Number(1, 10_000_000).OverridePropertyName("quantity");
        RuleFor(attendance => attendance.Unit).Text(100);
        RuleFor(attendance => attendance.UnitEn).Text(100);
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
            .Must(participant => (participant.OfficialId ?? participant.OrganizationId ?? participant.Description) is not null).Saying("who_missing");
    }
}
