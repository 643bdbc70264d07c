using CooperationApi.Contracts;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Officials;

/// <summary>`/v1/officials`: people in public office, with `?at=` those whose posts a source shows for that day.</summary>
internal sealed class OfficialResource() : Resource<Official, OfficialValidator>(
    type: "officials",
    singular: "official",
    table: "official",
    example: "hoang-trung-hai",
    description: "People in public office, and the posts that sources show them to hold. Duty data only.")
{
    public override string AsOfSql =>
        """
        SELECT number, id, name_key FROM official WHERE number IN
        (SELECT post.number FROM official_position post WHERE post.held_from <= @at_to AND post.held_to >= @at_from)
        """;

    protected override string ExampleSearchWords => "hoang trung hai";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreatePositionFilter("provinceId", "provinces", "province_id", "Officials with a post in this province; with `at`, on that day.", "thai-binh"),
        CreatePositionFilter("organizationId", "organizations", "organization_id", "Officials with a post in this organization; with `at`, on that day.", "thanh-uy-ha-noi"),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("name", "name_key")];

    public override IReadOnlyList<NestedList> NestedLists => [new("provinces", "provinceId"), new("organizations", "organizationId")];

    public override IReadOnlyList<ReferenceDefinition> References { get; } = [new("positions[].organizationId", "organizations"), new("positions[].provinceId", "provinces")];

    protected override string SelectTitle(Official official) => official.Name;

    protected override IEnumerable<DerivedRows> DeriveRows(Official official) =>
    [
        CreateRow(("name_key", VietnameseSortKey.Create(official.Name))),
        new("official_position", [.. official.Positions.SelectMany((post, i) => GetHeldSpans(post).Distinct().Select<(DateOnly From, DateOnly To), (string, SqlValue)[]>(span =>
        [
            ("ordinal", i), ("organization_id", post.OrganizationId), ("province_id", post.ProvinceId), ("held_from", FormatDate(span.From)), ("held_to", FormatDate(span.To)),
        ]))]),
    ];

    protected override Official GetAsOf(Official official, DateOnly date) => official with { Positions = [.. official.Positions.Where(post => IsHeldOn(post, date))] };

    private static bool IsHeldOn(Position post, DateOnly date) => GetHeldSpans(post).Any(span => span.From <= date && date <= span.To);

    /// <summary>
    /// The days on which a source shows the post as held: the day on which it was observed, and those from its start to its end, or if no end is
    /// known, to the observation. Of a month or year in which it began or ended only the last or first day is sure; an observation in one shows no day.
    /// </summary>
    private static IEnumerable<(DateOnly From, DateOnly To)> GetHeldSpans(Position post)
    {
        if (post.ObservedOn is { Precision: DatePrecision.Day, FirstDay: { } observedDay })
            yield return (observedDay, observedDay);
        if (post.From is { LastDay: { } start } && (post.To ?? post.ObservedOn) is { FirstDay: { } end } && start <= end)
            yield return (start, end);
    }

    /// <summary>Without a day, a post counts whether or not a day of it is known; on a day, only one that a source shows for it.</summary>
    private IdFilter CreatePositionFilter(string name, string type, string column, string description, string example) =>
        CreateReferenceFilter(name, type, description, example, $"positions[].{name}") with
        {
            AsOf = new(Table, $"post.{column} IN (@values) AND post.held_from <= @at_to AND post.held_to >= @at_from")
            {
                JoinTable = "official_position post",
                RowIdColumn = "post.number",
            },
        };
}

/// <summary>The rules of an official.</summary>
internal sealed class OfficialValidator : CitedRecordValidator<Official>
{
    public OfficialValidator()
    {
        RuleFor(official => official.Name).Text(200);
        RuleFor(official => official.Aliases).CountBetween(0, 50);
        RuleForEach(official => official.Aliases).Text(200);
        RuleFor(official => official.Positions).CountBetween(0, 200);
        RuleForEach(official => official.Positions).SetValidator(new PositionValidator());
    }
}

internal sealed class PositionValidator : AbstractValidator<Position>
{
    public PositionValidator()
    {
        RuleFor(post => post.Title).Text(300);
        RuleFor(post => post.OrganizationId).Slug();
        RuleFor(post => post.ProvinceId).Slug();
        RuleFor(post => post).Must(post => !(post.From?.FirstDay > post.To?.LastDay)).WithCode("invalid_period");
    }
}
