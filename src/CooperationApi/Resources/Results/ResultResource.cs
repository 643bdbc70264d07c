using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Results;

/// <summary>The resource `/v1/results`.</summary>
internal sealed class ResultResource() : Resource<Result, ResultValidator>(
    type: "results",
    singular: "result",
    table: "result",
    example: "ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong",
    description: "Delivered results and contributions. Each item and each amount is a separate result; amounts are not added up.")
{
    /// <summary>The types of a giver or receiver; the type that has the id applies.</summary>
    private const string GiverTypes = "provinces|organizations";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreateEnumFilter<ResultKind>("kind", "kind", "Results of this kind."),
        new PatternFilter("currency", "Results with an amount in this currency (ISO 4217).", "VND",
            OnOwnTable("currency IN (@values)"), Patterns.Currency, 3),
        new NumberFilter("amountFrom", "Results with at least this amount, in whole units of the currency.", "3000000000",
            OnOwnTable("amount >= @amountFrom")),
        new NumberFilter("amountTo", "Results with at most this amount, in whole units of the currency.", "3000000000",
            OnOwnTable("amount BETWEEN 0 AND @amountTo")),
        CreateReferenceFilter("provinceId", "provinces", "Results that refer to this province, including as giver or receiver.",
            "thai-binh"),
        CreateReferenceFilter("organizationId", "organizations", "Results that this organization gave or received.",
            "quy-an-sinh-xa-hoi-tinh-thai-binh"),
        CreateProvincePairFilter("Results of both of these provinces, including as giver and receiver.", "provinceIds[]",
            "giverId", "receiverId"),
        CreateReferenceFilter("agreementId", "agreements", "Results delivered under this agreement.",
            "quang-nam-da-nang-2016", "agreementId"),
        CreateReferenceFilter("groupId", "cooperation-groups", "Results in this cooperation group.", "ha-noi-thai-binh-2019-se-7",
            "groupIds[]"),
        CreatePillarFilter("Results in a cooperation group of this pillar."),
        CreateReferenceFilter("commitmentId", "commitments", "Results that fulfil this commitment.",
            "ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong", "fulfils[]"),
        new BooleanFilter("hasCommitment", "Results that fulfil a commitment (`true`) or none (`false`).",
            OnOwnTable("has_commitment = 1"), OnOwnTable("has_commitment = 0")),
        CreateReferenceFilter("meetingId", "meetings", "Results given or delivered at this meeting.",
            "trao-tang-ha-noi-thai-binh-2019-10-26", "meetingId"),
        CreateReferenceFilter("reportedAt", "meetings", "Results reported at this meeting.", "hoi-nghi-ha-noi-thai-binh-2019-10-26",
            "reportedAt"),
        .. CreateDateRangeFilters("Results whose period", "event_date", "period_from", "period_to", isPeriod: true),
    ];

    public override IReadOnlyList<SortOrder> SortOrders =>
        [new("title", "title_key"), new("period", "event_date", SortType.Date), new("amount", "amount", SortType.Integer)];

    public override IReadOnlyList<NestedList> NestedLists =>
        [new("provinces", "provinceId"), new("meetings", "meetingId"), new("agreements", "agreementId"),
            new("cooperation-groups", "groupId"), new("commitments", "commitmentId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("agreementId", "agreements", "agreement"),
        new("groupIds[]", "cooperation-groups", "groups"),
        new("provinceIds[]", "provinces", "provinces"),
        new("fulfils[]", "commitments", "commitments"),
        new("meetingId", "meetings", "meeting"),
        new("reportedAt", "meetings", "reportingMeeting"),
        new("reportedBy[].officialId", "officials", "reportedBy.official"),
        new("reportedBy[].organizationId", "organizations", "reportedBy.organization"),
        new("reportedBy[].provinceId", "provinces", "reportedBy.province"),
        new("partOf", "results", "whole"),
        new("giverId", GiverTypes),
        new("receiverId", GiverTypes),
        new("probablySameAs[]", "results") { IsSymmetric = true },
    ];

    public override bool DescribesEvent => true;

    protected override DateRange GetDateRange(Result result) => new(result.Period);

    protected override string SelectTitle(Result result) => result.Title;

    protected override string? SelectTitleEn(Result result) => result.TitleEn;

    protected override IReadOnlyList<ReadableColumn<Result>> SpecificReadableColumns =>
    [
        new("title,titleEn", "Result", "Kết quả", 30, (result, format) => format.Select(result.Title, result.TitleEn)),
        new("quantity,outOf,unit,unitEn,amount,currency,approximate,bound", "Quantity, amount", "Số lượng, giá trị", 13,
            (result, format) => format.FormatFigures(result, result.OutOf)),
        new("provinceIds", "Provinces", "Tỉnh, thành phố", 15,
            (result, format) => format.JoinLabels(result.ProvinceIds, ResourceTypes.Provinces)),
        new("giver,giverId,receiver,receiverId", "Giver → receiver", "Bên trao → bên nhận", 22, FormatParties),
        new("period", "Time", "Thời gian", 13, (result, format) => format.FormatPeriod(result.Period)),
        new("groupIds", "Cooperation groups", "Nhóm hợp tác", 16,
            (result, format) => format.JoinLabels(result.GroupIds, ResourceTypes.CooperationGroups)),
        new("kind,agreementId,fulfils,meetingId,reportedAt,reportedBy,partOf,probablySameAs", "Context", "Bối cảnh", 32, FormatContext),
    ];

    private static LinkedText FormatParties(Result result, ReadableFormatter format)
    {
        var giver = result.Giver ?? format.GetLabel(result.GiverId, GiverTypes.Split('|'));
        var receiver = result.Receiver ?? format.GetLabel(result.ReceiverId, GiverTypes.Split('|'));
        return giver is null && receiver is null ? null : $"{giver} → {receiver}".Trim();
    }

    private static LinkedText FormatContext(Result result, ReadableFormatter format) => ReadableFormatter.JoinLines(
        format.GetName<ResultKind>(result.Kind),
        format.AddCaption("Agreement", "Thỏa thuận", format.GetLabel(result.AgreementId, "agreements")),
        format.AddCaption("Fulfils", "Thực hiện cam kết", format.JoinLabels(result.Fulfils, "commitments")),
        format.AddCaption("Given at", "Trao tại", format.GetLabel(result.MeetingId, "meetings")),
        format.AddCaption("Reported at", "Báo cáo tại", format.GetLabel(result.ReportedAt, "meetings")),
        format.AddCaption("Reported by", "Bên báo cáo", format.FormatParties(result.ReportedBy)),
        format.AddCaption("Part of", "Nằm trong", format.GetLabel(result.PartOf, "results")),
        format.AddCaption("Probably the same as", "Có thể trùng với", format.JoinLabels(result.ProbablySameAs, "results")));

    protected override IEnumerable<DerivedRows> DeriveRows(Result result) =>
    [
        CreateRow(
        [
            ("title_key", VietnameseSortKey.Create(result.Title)), ("kind", result.Kind.ToString()), ("currency", result.Currency),
            ("amount", result.Amount ?? -1), ("has_commitment", result.Fulfils.Count > 0 ? 1 : 0),
            .. GetDateRange(result).ToColumns("event_date", "period_from", "period_to"),
        ]),
        new("fulfilment", [.. result.Fulfils.Distinct().Select<string, (string, SqlValue)[]>(id => [("commitment_id", id)])]),
        new("contribution", result.Kind == ResultKind.Contribution ? [DeriveContribution(result)] : []),
        new("probably_same", [.. result.ProbablySameAs.Distinct().Select<string, (string, SqlValue)[]>(id => [("other_id", id)])]),
    ];

    /// <summary>Derives the values of a contribution that the statistics read.</summary>
    private (string, SqlValue)[] DeriveContribution(Result result) =>
    [
        ("event_date", GetDateRange(result).Text), ("currency", result.Currency ?? ""), ("amount", result.Amount ?? 0),
        ("unit", result.Unit ?? ""), ("quantity", result.Quantity?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ("approximate", result.Approximate == true ? 1 : 0),
        ("bound", result.Bound?.ToString() ?? ""), ("giver_id", result.GiverId ?? ""), ("giver", result.Giver ?? ""),
        ("receiver_id", result.ReceiverId ?? ""), ("receiver", result.Receiver ?? ""), ("part_of", result.PartOf ?? ""),
    ];
}

/// <summary>Validates a result.</summary>
internal sealed class ResultValidator : CitedRecordValidator<Result>
{
    public ResultValidator()
    {
        RuleFor(result => result.Title).Text(500);
        RuleFor(result => result.TitleEn).Text(500);
        RuleFor(result => result.AgreementId).Slug();
        this.RuleForSlugs(result => result.GroupIds);
        this.RuleForSlugs(result => result.ProvinceIds);
        this.RuleForSlugs(result => result.Fulfils);
        RuleFor(result => result.MeetingId).Slug();
        RuleFor(result => result.ReportedAt).Slug();
        this.RuleForItems(result => result.ReportedBy, new PartyValidator(), maxCount: 50);
        this.RuleForQuantities();
        RuleFor(result => result.OutOf).Number(0, 1_000_000_000_000m);
        RuleFor(result => result).Must(result => result.OutOf is null || result.Quantity <= result.OutOf).WithCode("exceeds_total");
        RuleFor(result => result.PartOf).Slug();
        RuleFor(result => result.Period!).SetValidator(new PeriodValidator());
        RuleFor(result => result.GiverId).Slug();
        RuleFor(result => result.Giver).Text(300);
        RuleFor(result => result.ReceiverId).Slug();
        RuleFor(result => result.Receiver).Text(300);
        this.RuleForSlugs(result => result.ProbablySameAs);
    }
}
