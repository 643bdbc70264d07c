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
    private const string Never = "0000-00-00", Forever = "9999-12-31";

    public override string TableAt =>
        """
        SELECT id, name_key FROM official WHERE id IN
        (SELECT post.id FROM official_position post WHERE post.held_from <= @at_to AND post.held_to >= @at_from)
        """;

    protected override IReadOnlyList<Filter> OwnFilters =>
    [
        Holding("provinceId", "provinces", "province_id", "Officials with a post in this province; with `at`, on that day.", "thai-binh"),
        Holding("organizationId", "organizations", "organization_id", "Officials with a post in this organization; with `at`, on that day.", "thanh-uy-ha-noi"),
    ];

    public override IReadOnlyList<Sort> Sorts => [new("name", "name_key")];

    public override IReadOnlyList<SubList> SubLists => [new("provinces", "provinceId"), new("organizations", "organizationId")];

    protected override string Title(Official official) => official.Name;

    protected override IEnumerable<DerivedRows> Rows(Official official) =>
    [
        Row(("name_key", VietnameseOrder.Key(official.Name))),
        new("official_position", ["ordinal", "organization_id", "province_id", "held_from", "held_to"],
            [.. official.Positions.Select((post, i) =>
            {
                var (from, to) = Held(post);
                return new object?[] { i, post.OrganizationId, post.ProvinceId, from, to };
            })]),
    ];

    protected override IEnumerable<Reference> References(Official official) =>
        Refer("positions[].organizationId", "organizations", official.Positions.Select(post => post.OrganizationId))
            .Concat(Refer("positions[].provinceId", "provinces", official.Positions.Select(post => post.ProvinceId)));

    protected override Official At(Official official, DateOnly at) => official with { Positions = [.. official.Positions.Where(post => IsHeld(post, at))] };

    private static bool IsHeld(Position post, DateOnly at)
    {
        var (from, to) = Held(post);
        var day = Day(at);
        return string.CompareOrdinal(from, day) <= 0 && string.CompareOrdinal(day, to) <= 0;
    }

    /// <summary>
    /// The days on which a source shows the post as held: from its start to its end where a source gives them (without an end, to the day when it
    /// was seen, or on), else the day of the observation. Of a month or year in which something began, ended or was seen, no day is sure but its last or first.
    /// </summary>
    private static (string From, string To) Held(Position post) => post switch
    {
        { From: null, To: null, ObservedOn: { Precision: DatePrecision.Day } seen } => (seen.Text, seen.Text),
        { From: null, To: null } => (Forever, Never),
        _ => (Day(post.From?.Last ?? post.ObservedOn?.Last) ?? Never, Day(post.To?.First ?? post.ObservedOn?.First) ?? Forever),
    };

    private static IdFilter Holding(string name, string type, string column, string description, string example) => new(name, description, example,
        $"""
        official.id IN (SELECT post.id FROM official_position post
        WHERE post.{column} IN (@values) AND (@at_from = '{Never}' OR post.held_from <= @at_to AND post.held_to >= @at_from))
        """, type);
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
