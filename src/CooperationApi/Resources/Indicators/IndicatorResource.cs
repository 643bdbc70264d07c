using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Indicators;

/// <summary>The resource `/v1/indicators`.</summary>
internal sealed class IndicatorResource() : Resource<Indicator, IndicatorValidator>(
    type: "indicators",
    singular: "indicator",
    table: "indicator",
    example: "thai-binh-tang-truong-kinh-te-9-thang-2019",
    description: "Measured figures about a province or an organization.")
{
    protected override string ExampleSearchWords => "tăng trưởng";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateReferenceFilter("provinceId", "provinces", "Indicators of this province.", "thai-binh", "subject.id"),
        CreateReferenceFilter("organizationId", "organizations", "Indicators of this organization.",
            "cong-ty-co-phan-san-xuat-hang-the-thao-mxp", "subject.id"),
        CreateReferenceFilter("reportedAt", "meetings", "Indicators reported at this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
            "reportedAt"),
        .. CreateDateRangeFilters("Indicators whose period", "measured_on", "period_from", "period_to", isPeriod: true),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("name", "name_key"), new("period", "measured_on", SortType.Date)];

    public override IReadOnlyList<NestedList> NestedLists => [new("provinces", "provinceId"), new("organizations", "organizationId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("subject.id"),
        new("reportedAt", "meetings", "reportingMeeting"),
        new("reportedBy[].officialId", "officials", "reportedBy.official"),
        new("reportedBy[].organizationId", "organizations", "reportedBy.organization"),
        new("reportedBy[].provinceId", "provinces", "reportedBy.province"),
    ];

    protected override DateRange GetDateRange(Indicator indicator) => new(indicator.Period);

    protected override string SelectTitle(Indicator indicator) => indicator.Name;

    protected override IReadOnlyList<ReadableColumn<Indicator>> SpecificReadableColumns =>
    [
        new("name", "Indicator", "Chỉ tiêu", 28, (indicator, format) => indicator.Name),
        new("subject", "Subject", "Đối tượng", 18, (indicator, format) => format.GetLabel(indicator.Subject.Id, indicator.Subject.Type)),
        new("value,unit,approximate,bound", "Value", "Giá trị", 16, (indicator, format) => FormatValue(indicator, format)),
        new("period", "Time", "Thời gian", 16, (indicator, format) => format.FormatPeriod(indicator.Period)),
        new("reportedBy", "Reported by", "Bên báo cáo", 18, (indicator, format) => format.FormatParties(indicator.ReportedBy)),
        new("reportedAt", "Reported at", "Báo cáo tại", 26, (indicator, format) => format.GetLabel(indicator.ReportedAt, "meetings")),
    ];

    private static string? FormatValue(Indicator indicator, ReadableFormatter format) => format.Qualify(
        indicator.Unit == "VND"
            ? format.FormatMoney(indicator.Value, indicator.Unit)
            : indicator.Value is null ? null : $"{format.FormatNumber(indicator.Value)} {indicator.Unit}".TrimEnd(),
        indicator.Approximate, indicator.Bound);

    protected override IEnumerable<DerivedRows> DeriveRows(Indicator indicator) =>
    [
        CreateRow(
        [
            ("name_key", VietnameseSortKey.Create(indicator.Name)),
            .. GetDateRange(indicator).ToColumns("measured_on", "period_from", "period_to"),
        ]),
    ];
}

/// <summary>Validates an indicator.</summary>
internal sealed class IndicatorValidator : CitedRecordValidator<Indicator>
{
    private static readonly string[] SubjectTypes = ["provinces", "organizations"];

    public IndicatorValidator()
    {
        RuleFor(indicator => indicator.Subject).SetValidator(new RecordReferenceValidator());
        RuleFor(indicator => indicator.Subject.Type).Must(SubjectTypes.Contains).WithCode("not_allowed", type => [type]);
        RuleFor(indicator => indicator.Name).Text(300);
        RuleFor(indicator => indicator.Value).Number(-1_000_000_000_000_000, 1_000_000_000_000_000);
        RuleFor(indicator => indicator.Unit).Unit();
        RuleFor(indicator => indicator.ReportedAt).Slug();
        this.RuleForItems(indicator => indicator.ReportedBy, new PartyValidator(), maxCount: 50);
        RuleFor(indicator => indicator.Period!).SetValidator(new PeriodValidator());
    }
}
