using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using FluentValidation;

namespace CooperationApi.Officials;

/// <summary>`/v1/officials`: people in public office, with `?at=` those whose posts a source shows for that day.</summary>
internal sealed class OfficialResource() : Resource<Official, OfficialValidator>(
    type: "officials",
    singular: "official",
    table: "official",
    example: "hoang-trung-hai",
    description: "People in public office, and the posts that sources show them to hold. Duty data only.")
{
    public override string TableAt =>
        """
        SELECT number, id, name_key FROM official WHERE number IN
        (SELECT post.number FROM official_position post WHERE post.held_from <= @at_to AND post.held_to >= @at_from)
        """;

    protected override string ExampleWords => "hoang trung hai";

    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Holding("provinceId", "provinces", "province_id", "Officials with a post in this province; with `at`, on that day.", "thai-binh"),
        Holding("organizationId", "organizations", "organization_id", "Officials with a post in this organization; with `at`, on that day.", "thanh-uy-ha-noi"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("name", "name_key")];

    public override IReadOnlyList<SubList> SubLists => [new("provinces", "provinceId"), new("organizations", "organizationId")];

    public override IReadOnlyList<Link> Links { get; } = [new("positions[].organizationId", "organizations"), new("positions[].provinceId", "provinces")];

    protected override string Title(Official official) => official.Name;

    protected override IEnumerable<DerivedRows> Rows(Official official) =>
    [
        Row(("name_key", VietnameseOrder.Key(official.Name))),
        new("official_position", [.. official.Positions.SelectMany((post, i) => Held(post).Distinct().Select<(DateOnly From, DateOnly To), (string, Value)[]>(span =>
        [
            ("ordinal", i), ("organization_id", post.OrganizationId), ("province_id", post.ProvinceId), ("held_from", Day(span.From)), ("held_to", Day(span.To)),
        ]))]),
    ];

    protected override Official At(Official official, DateOnly at) => official with { Positions = [.. official.Positions.Where(post => IsHeld(post, at))] };

    private static bool IsHeld(Position post, DateOnly at) => Held(post).Any(span => span.From <= at && at <= span.To);

    /// <summary>
    /// The days on which a source shows the post as held: the day on which it was observed, and those from its start to its end, or if no end is
    /// known, to the observation. Of a month or year in which it began or ended only the last or first day is sure; an observation in one shows no day.
    /// </summary>
    private static IEnumerable<(DateOnly From, DateOnly To)> Held(Position post)
    {
        if (post.ObservedOn is { Precision: DatePrecision.Day, First: { } seen })
            yield return (seen, seen);
        if (post.From is { Last: { } start } && (post.To ?? post.ObservedOn) is { First: { } end } && start <= end)
            yield return (start, end);
    }

    /// <summary>Without a day, a post counts whether or not a day of it is known; on a day, only one that a source shows for it.</summary>
    private IdFilter Holding(string name, string type, string column, string description, string example) =>
        Naming(name, type, description, example, $"positions[].{name}") with
        {
            At = new(Table, $"post.{column} IN (@values) AND post.held_from <= @at_to AND post.held_to >= @at_from")
            {
                From = "official_position post",
                Number = "post.number",
            },
        };
}

/// <summary>The rules of an official.</summary>
internal sealed class OfficialValidator : CitedRecordValidator<Official>
{
    public OfficialValidator()
    {
        RuleFor(official => official.Name).Text(200);
        RuleFor(official => official.Aliases).Size(0, 50);
        RuleForEach(official => official.Aliases).Text(200);
        RuleFor(official => official.Positions).Size(0, 200);
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
        RuleFor(post => post).Must(post => !(post.From?.First > post.To?.Last)).Saying("invalid_period");
    }
}
