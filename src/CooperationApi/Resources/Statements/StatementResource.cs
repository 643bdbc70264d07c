using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources.Statements;

/// <summary>The resource `/v1/statements`.</summary>
internal sealed class StatementResource() : Resource<Statement, StatementValidator>(
    type: "statements",
    singular: "statement",
    table: "statement",
    example: "ha-noi-thai-binh-2019-chua-toan-dien",
    description: "Appraisals, limitations, principles and expectations, in the words of the editors.")
{
    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateEnumFilter<StatementKind>("kind", "kind", "Statements of this kind."),
        CreateReferenceFilter("officialId", "officials", "Statements by this official.", "nguyen-hong-dien", "officialId"),
        CreateReferenceFilter("meetingId", "meetings", "Statements made at this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
            "meetingId"),
        CreateReferenceFilter("provinceId", "provinces", "Statements about this province.", "thai-binh", "about[].id"),
        CreateReferenceFilter("organizationId", "organizations", "Statements about this organization.",
            "cong-ty-co-phan-san-xuat-hang-the-thao-mxp", "about[].id"),
        CreateReferenceFilter("agreementId", "agreements", "Statements about this agreement.", "noi-dung-hop-tac-ha-noi-thai-binh-2019",
            "about[].id"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("kind", "kind")];

    public override IReadOnlyList<NestedList> NestedLists =>
        [new("meetings", "meetingId"), new("officials", "officialId"), new("provinces", "provinceId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("officialId", "officials", "official"),
        new("meetingId", "meetings", "meeting"),
        new("about[].id"),
    ];

    protected override string SelectTitle(Statement statement) => statement.Text;

    protected override IReadOnlyList<ReadableColumn<Statement>> SpecificReadableColumns =>
    [
        new("text", "Statement", "Nội dung", 40, (statement, format) => statement.Text),
        new("officialId", "Made by", "Người phát biểu", 18, (statement, format) => format.GetLabel(statement.OfficialId, "officials")),
        new("kind", "Kind", "Loại", 10, (statement, format) => format.GetName<StatementKind>(statement.Kind)),
        new("about", "About", "Nói về", 26,
            (statement, format) =>
                ReadableFormatter.JoinLines(statement.About.Select(item => format.GetLabel(item.Id, item.Type)))),
        new("meetingId", "Meeting", "Cuộc gặp", 28, (statement, format) => format.GetLabel(statement.MeetingId, "meetings")),
    ];

    protected override IEnumerable<DerivedRows> DeriveRows(Statement statement) => [CreateRow(("kind", statement.Kind.ToString()))];
}

/// <summary>Validates a statement.</summary>
internal sealed class StatementValidator : CitedRecordValidator<Statement>
{
    public StatementValidator()
    {
        RuleFor(statement => statement.OfficialId).Slug();
        RuleFor(statement => statement.MeetingId).Slug();
        RuleFor(statement => statement.Text).Text(2000);
        this.RuleForItems(statement => statement.About, new RecordReferenceValidator(), maxCount: 100);
    }
}
