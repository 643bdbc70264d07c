using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Indicators;

/// <summary>`/v1/indicators`.</summary>
internal sealed class IndicatorResource() : Resource<Indicator, IndicatorValidator>(
    type: "indicators",
    singular: "indicator",
    table: "indicator",
    example: "thai-binh-tang-truong-kinh-te-9-thang-2019",
    description: "Measured figures about a province or an organization.")
{
    protected override string ExampleWords => "tăng trưởng";

    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Naming("provinceId", "provinces", "Figures about this province.", "thai-binh", "subject.id"),
        Naming("organizationId", "organizations", "Figures about this organization.", "cong-ty-co-phan-san-xuat-hang-the-thao-mxp", "subject.id"),
        .. Days("Figures for a period that ends", "measured_on", "period_from", "period_to", isPeriod: true),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("name", "name_key"), new("period", "measured_on")];

    public override IReadOnlyList<SubList> SubLists => [new("provinces", "provinceId"), new("organizations", "organizationId")];

    public override IReadOnlyList<Link> Links { get; } = [new("subject.id")];

    protected override string Title(Indicator indicator) => indicator.Name;

    protected override IEnumerable<DerivedRows> Rows(Indicator indicator) =>
    [
        Row(("name_key", VietnameseOrder.Key(indicator.Name)),
            ("measured_on", (indicator.Period?.From ?? indicator.Period?.To)?.Text ?? ""),
            ("period_from", Day((indicator.Period?.From ?? indicator.Period?.To)?.First)),
            ("period_to", Day((indicator.Period?.To ?? indicator.Period?.From)?.Last))),
    ];
}

/// <summary>The rules of an indicator.</summary>
internal sealed class IndicatorValidator : CitedRecordValidator<Indicator>
{
    private static readonly string[] SubjectTypes = ["provinces", "organizations"];

    public IndicatorValidator()
    {
        RuleFor(indicator => indicator.Subject).SetValidator(new RecordReferenceValidator());
        RuleFor(indicator => indicator.Subject.Type).Must(SubjectTypes.Contains).Saying("not_allowed", type => [type]);
        RuleFor(indicator => indicator.Name).Text(300);
        RuleFor(indicator => indicator.Value).InclusiveBetween(-1_000_000_000_000_000m, 1_000_000_000_000_000m)
            .Saying("out_of_range", value => [value ?? 0, -1_000_000_000_000_000m, 1_000_000_000_000_000m]);
        RuleFor(indicator => indicator.Unit).Text(100);
        RuleFor(indicator => indicator.Period!).SetValidator(new PeriodValidator()).When(indicator => indicator.Period is not null);
    }
}
