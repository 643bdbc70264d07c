using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Resources.Filters;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Officials;

/// <summary>The resource `/v1/officials`. With `?at=`, lists the officials for whom a source shows a position on that date.</summary>
internal sealed class OfficialResource() : Resource<Official, OfficialValidator>(
    type: "officials",
    singular: "official",
    table: "official",
    example: "hoang-trung-hai",
    description: "People in public office, with the positions that sources report. The records have data about official duties only.")
{
    public override string AsOfSql =>
        """
        SELECT row_id, id, name_key FROM official WHERE row_id IN
        (SELECT post.row_id FROM official_position post WHERE post.held_from <= @at_to AND post.held_to >= @at_from)
        """;

    // One scan of the index by position, instead of one lookup per position of an official.
    private const string LatestHoldersSql =
        """
        SELECT post.row_id
        FROM (SELECT post_key, max(held_to) AS held_to FROM official_position GROUP BY post_key) latest CROSS JOIN official_position post
        WHERE post.post_key = latest.post_key AND post.held_to = latest.held_to
        """;

    private const string IsLatestSql =
        "NOT EXISTS (SELECT 1 FROM official_position later WHERE later.post_key = post.post_key AND later.held_to > post.held_to)";

    protected override string ExampleSearchWords => "hoang trung hai";

    protected override IReadOnlyList<ListFilter> SpecificFilters =>
    [
        CreatePositionFilter("provinceId", "provinces", "province_id",
            "Officials with a position in this province; with `at`, on that date.", "thai-binh"),
        CreatePositionFilter("organizationId", "organizations", "organization_id",
            "Officials with a position in this organization; with `at`, on that date.", "thanh-uy-ha-noi"),
        new BooleanFilter("latest",
            "Officials who are the latest known holders of a position (`true`) or of none (`false`). Positions are compared by title, "
            + "organization and province; a position without a date does not count.",
            new(Table, IsLatestSql)
            {
                JoinTable = "official_position post",
                RowIdColumn = "post.row_id",
                RowIdsQuery = LatestHoldersSql,
            },
            new(Table, $"NOT EXISTS (SELECT 1 FROM official_position post WHERE post.row_id = official.row_id AND {IsLatestSql})")
            {
                MatchesMost = true,
            }),
    ];

    public override IReadOnlyList<SortOrder> SortOrders => [new("name", "name_key")];

    public override IReadOnlyList<NestedList> NestedLists => [new("provinces", "provinceId"), new("organizations", "organizationId")];

    protected override IReadOnlyList<ReferenceDefinition> SpecificReferences =>
    [
        new("positions[].organizationId", "organizations", "positions.organization"),
        new("positions[].provinceId", "provinces", "positions.province"),
    ];

    protected override string SelectTitle(Official official) => official.Name;

    protected override IReadOnlyList<ReadableColumn<Official>> SpecificReadableColumns =>
    [
        new("name,diacriticsShown", "Name", "Họ tên", 24, (official, format) => FormatName(official, format)),
        new("positions", "Positions", "Chức vụ", 60,
            (official, format) => ReadableFormatter.JoinLines(official.Positions.Select(position => FormatPosition(position, format)))),
        new("aliases", "Other spellings", "Cách viết khác", 20, (official, format) => string.Join("; ", official.Aliases)),
    ];

    private static string? FormatName(Official official, ReadableFormatter format) => ReadableFormatter.AddDetails(official.Name,
        official.DiacriticsShown == false ? format.Select("nguồn không ghi dấu", "diacritics omitted by the sources") : null);

    private static string? FormatPosition(Position position, ReadableFormatter format) => ReadableFormatter.AddDetails(
        format.Select(position.Title, position.TitleEn),
        format.GetLabel(position.OrganizationId, "organizations"), format.GetLabel(position.ProvinceId, ResourceTypes.Provinces),
        format.FormatRange(format.FormatDate(position.From), format.FormatDate(position.To)), format.FormatDate(position.ObservedOn));

    protected override IEnumerable<DerivedRows> DeriveRows(Official official) =>
    [
        CreateRow(("name_key", VietnameseSortKey.Create(official.Name))),
        new("official_position",
            [.. official.Positions.SelectMany(
                (position, i) => GetHeldSpans(position).Distinct().Select<(DateOnly From, DateOnly To), (string, SqlValue)[]>(span =>
        [
            ("ordinal", i), ("post_key", CreatePostKey(position)), ("organization_id", position.OrganizationId),
            ("province_id", position.ProvinceId),
            ("held_from", FormatDate(span.From)), ("held_to", FormatDate(span.To)),
        ]))]),
    ];

    protected override Official GetAsOf(Official official, DateOnly date) =>
        official with { Positions = [.. official.Positions.Where(position => IsHeldOn(position, date))] };

    // The same position of two officials: sources write its title with or without diacritics and capitals.
    private static string CreatePostKey(Position position) =>
        $"{TextFolding.Fold(position.Title)}|{position.OrganizationId}|{position.ProvinceId}";

    private static bool IsHeldOn(Position position, DateOnly date) =>
        GetHeldSpans(position).Any(span => span.From <= date && date <= span.To);

    /// <summary>
    /// Returns the date ranges in which a source shows the position as held: the date of the observation, and the range from the start to
    /// the end or, if no end is known, to the observation. Of a start known to the month or year only the last day is certain, of an end
    /// only the first day. An observation known to the month or year is no date range of its own.
    /// </summary>
    private static IEnumerable<(DateOnly From, DateOnly To)> GetHeldSpans(Position position)
    {
        if (position.ObservedOn is { Precision: DatePrecision.Day, FirstDay: { } observedDay })
            yield return (observedDay, observedDay);
        if (position.From is { LastDay: { } start } && (position.To ?? position.ObservedOn) is { FirstDay: { } end } && start <= end)
            yield return (start, end);
    }

    /// <summary>
    /// Creates a filter by a member of the positions. Without `at`, all positions count, with or without dates; with `at`, only those that
    /// a source shows for that date.
    /// </summary>
    private IdFilter CreatePositionFilter(string name, string type, string column, string description, string example) =>
        CreateReferenceFilter(name, type, description, example, $"positions[].{name}") with
        {
            AsOf = new(Table, $"post.{column} IN (@values) AND post.held_from <= @at_to AND post.held_to >= @at_from")
            {
                JoinTable = "official_position post",
                RowIdColumn = "post.row_id",
            },
        };
}

/// <summary>Validates an official.</summary>
internal sealed class OfficialValidator : CitedRecordValidator<Official>
{
    public OfficialValidator()
    {
        RuleFor(official => official.Name).Text(200);
        RuleFor(official => official.Aliases).CountBetween(0, 50);
        RuleForEach(official => official.Aliases).Text(200);
        this.RuleForItems(official => official.Positions, new PositionValidator(), maxCount: 200);
    }
}

internal sealed class PositionValidator : AbstractValidator<Position>
{
    public PositionValidator()
    {
        RuleFor(position => position.Title).Text(300);
        RuleFor(position => position.TitleEn).Text(300);
        RuleFor(position => position.OrganizationId).Slug();
        RuleFor(position => position.ProvinceId).Slug();
        RuleFor(position => position).Must(position => !(position.From?.FirstDay > position.To?.LastDay)).WithCode("invalid_period");
    }
}
