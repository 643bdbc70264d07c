using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Statements;

/// <summary>`/v1/statements`.</summary>
internal sealed class StatementResource() : Resource<Statement, StatementValidator>(
    type: "statements",
    singular: "statement",
    table: "statement",
    example: "ha-noi-thai-binh-2019-chua-toan-dien",
    description: "Appraisals, limitations, principles and expectations that somebody voiced.")
{
    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Choice<StatementKind>("kind", "kind", "Statements of this kind."),
        Naming("officialId", "officials", "Statements by this official.", "nguyen-hong-dien", "officialId"),
        Naming("meetingId", "meetings", "Statements made at this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26", "meetingId"),
        Naming("provinceId", "provinces", "Statements about this province.", "thai-binh", "about[].id"),
        Naming("organizationId", "organizations", "Statements about this organization.", "cong-ty-co-phan-san-xuat-hang-the-thao-mxp", "about[].id"),
        Naming("agreementId", "agreements", "Statements about this agreement.", "noi-dung-hop-tac-ha-noi-thai-binh-2019", "about[].id"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("kind", "kind")];

    public override IReadOnlyList<SubList> SubLists => [new("meetings", "meetingId"), new("officials", "officialId"), new("provinces", "provinceId")];

    public override IReadOnlyList<Link> Links { get; } =
    [
        new("officialId", "officials"),
        new("meetingId", "meetings"),
        new("about[].id"),
    ];

    protected override string Title(Statement statement) => statement.Text;

    protected override IEnumerable<DerivedRows> Rows(Statement statement) => [Row(("kind", statement.Kind.ToString()))];
}

/// <summary>The rules of a statement.</summary>
internal sealed class StatementValidator : CitedRecordValidator<Statement>
{
    public StatementValidator()
    {
        RuleFor(statement => statement.OfficialId).Slug();
        RuleFor(statement => statement.MeetingId).Slug();
        RuleFor(statement => statement.Text).Text(2000);
        RuleFor(statement => statement.About).Size(0, 100);
        RuleForEach(statement => statement.About).SetValidator(new RecordReferenceValidator());
    }
}
