using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
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

    protected override string? SelectTitleEn(Meeting meeting) => meeting.TitleEn;

    protected override IReadOnlyList<ReadableColumn<Meeting>> SpecificReadableColumns =>
    [
        new("title,titleEn", "Meeting", "Cuộc gặp", 28, (meeting, format) => format.Select(meeting.Title, meeting.TitleEn)),
        new("heldOn,timeOfDay", "Date", "Thời gian", 11,
            (meeting, format) => ReadableFormatter.AddDetails(format.FormatDate(meeting.HeldOn), format.GetName(meeting.TimeOfDay))),
        new("place", "Place", "Địa điểm", 14, (meeting, format) => meeting.Place),
        new("provinceIds", "Provinces", "Tỉnh, thành phố", 15,
            (meeting, format) => format.JoinLabels(meeting.ProvinceIds, ResourceTypes.Provinces)),
        new("participants,attendance", "Participants", "Người tham dự", 46, (meeting, format) => FormatParticipants(meeting, format)),
        new("summary", "Summary", "Tóm tắt", 16, (meeting, format) => meeting.Summary),
        new("kind,parentId", "Kind", "Loại", 12, (meeting, format) => FormatKind(meeting, format)),
    ];

    private static string? FormatKind(Meeting meeting, ReadableFormatter format) => ReadableFormatter.JoinLines(
        format.GetName<MeetingKind>(meeting.Kind),
        format.AddCaption("Part of", "Thuộc", format.GetLabel(meeting.ParentId, "meetings")));

    /// <summary>Formats the attendance, then one participant per line: `Chủ trì: Hoàng Trung Hải (Bí thư Thành ủy, Hà Nội)`.</summary>
    private static string FormatParticipants(Meeting meeting, ReadableFormatter format) => ReadableFormatter.JoinLines(
    [
        meeting.Attendance is not { } attendance ? null : format.Qualify(
            $"{format.FormatNumber(attendance.Quantity)} {format.Select(attendance.Unit, attendance.UnitEn)}", attendance.Approximate,
            attendance.Bound),
        .. meeting.Participants.Select(participant => $"{format.GetName<ParticipantRole>(participant.Role)}: " + format.FormatParty(
            participant.OfficialId, participant.OrganizationId, participant.ProvinceId, participant.Description,
            format.Select(participant.Title, participant.TitleEn),
            format.GetName(participant.Capacity))),
    ]);

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
        RuleFor(participant => participant.TitleEn).Text(300);
        RuleFor(participant => participant)
            .Must(participant => (participant.OfficialId ?? participant.OrganizationId ?? participant.Description) is not null)
            .WithCode("party_missing");
    }
}
