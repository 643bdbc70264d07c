using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Features.Statistics;

/// <summary>A contribution as a row of the SQL queries for statistics. An absent value is an empty string.</summary>
internal record ContributionRecord
{
    /// <summary>
    /// Recursive CTEs that end with `best (id, best_id)`. Contributions that are linked as probably the same, directly or through others,
    /// form a cluster. `best_id` is the exactness rank (one digit) and the id of the contribution that counts for the cluster: the one with
    /// the lowest rank, and of several with this rank the first by id.
    /// </summary>
    public const string ClustersSql =
        $"""
        linked(id, other_id) AS
        (
            SELECT probably_same.id, probably_same.other_id FROM probably_same
            UNION ALL
            SELECT probably_same.other_id, probably_same.id FROM probably_same
        ),
        same(id, other_id) AS
        (
            SELECT linked.id, linked.other_id FROM linked
            UNION
            SELECT same.id, linked.other_id FROM same JOIN linked ON linked.id = same.other_id
        ),
        best(id, best_id) AS
        (
            SELECT same.id, min({ExactnessRankSql} || contribution.id) FROM same JOIN contribution ON contribution.id = same.other_id
            GROUP BY same.id
        )
        """;

    /// <summary>The columns to select from <see cref="FromSql"/>.</summary>
    public const string ColumnsSql =
        $"""
        contribution.id, contribution.event_date, contribution.currency, contribution.amount, contribution.unit, contribution.quantity,
        contribution.approximate, contribution.bound, contribution.giver_id, contribution.giver, contribution.receiver_id,
        contribution.receiver,
        coalesce(meeting.held_on, '') AS meeting_date, coalesce(whole.id, '') AS whole_id,
        {ExactnessRankSql} AS exactness_rank, coalesce(best.best_id, {ExactnessRankSql} || contribution.id) AS ranked_counted_id
        """;

    /// <summary>
    /// The FROM clause: contributions, joined with the counted contribution of their cluster, the contribution of which they are a part,
    /// and the meeting at which they were given.
    /// </summary>
    public const string FromSql =
        """
        contribution LEFT JOIN best ON best.id = contribution.id
        LEFT JOIN contribution whole ON whole.id = contribution.part_of
        LEFT JOIN reference given ON given.row_id = contribution.row_id
        AND given.member_id = (SELECT member.member_id FROM member WHERE member.type = 'results' AND member.name = 'meetingId')
        LEFT JOIN meeting ON meeting.row_id = given.target_row_id
        """;

    private const string ExactnessRankSql =
        "CASE WHEN contribution.approximate = 0 AND contribution.bound = '' THEN '0' WHEN contribution.approximate = 0 OR "
        + "contribution.bound = '' THEN '1' ELSE '2' END";

    public required string Id { get; init; }

    public required string EventDate { get; init; }

    public required string Currency { get; init; }

    public required long Amount { get; init; }

    public required string Unit { get; init; }

    public required string Quantity { get; init; }

    public required bool Approximate { get; init; }

    public required string Bound { get; init; }

    public required string GiverId { get; init; }

    public required string Giver { get; init; }

    public required string ReceiverId { get; init; }

    public required string Receiver { get; init; }

    /// <summary>The date of the meeting at which the contribution was given.</summary>
    public required string MeetingDate { get; init; }

    /// <summary>The id of the contribution of which this one is a part.</summary>
    public required string WholeId { get; init; }

    /// <summary>The exactness rank: `0` exact, `1` approximate or bounded, `2` both.</summary>
    public required string ExactnessRank { get; init; }

    /// <summary>The rank and the id of the counted contribution of the cluster.</summary>
    public required string RankedCountedId { get; init; }

    /// <summary>The id of the counted contribution: the whole, or one of the cluster; usually the contribution itself.</summary>
    public string CountedId => WholeId != "" ? WholeId : RankedCountedId[1..];

    /// <summary>The reason why another contribution is counted.</summary>
    public ExclusionReason Reason => WholeId != "" ? ExclusionReason.PartOfCounted
        : ExactnessRank[0] > RankedCountedId[0] ? ExclusionReason.LessExact : ExclusionReason.NotTheFirst;

    /// <summary>The year in which the contribution was given or began, or else of its meeting; null if both are unknown.</summary>
    public int? Year => FindYear(EventDate) ?? FindYear(MeetingDate);

    /// <summary>True if the year is that of the meeting.</summary>
    public bool IsDatedByMeeting => FindYear(EventDate) is null && FindYear(MeetingDate) is not null;

    private static int? FindYear(string date) =>
        date is [>= '1' and <= '9', ..] ? int.Parse(date[..4], CultureInfo.InvariantCulture) : null;

    /// <summary>
    /// Returns the units in which the contribution is summed: its currency, its unit of quantity, or an empty unit if it has neither.
    /// </summary>
    public IEnumerable<SumUnit> GetSumUnits()
    {
        if (Currency != "")
            yield return new(Currency, null);
        if (Unit != "")
            yield return new(null, Unit);
        if (Currency == "" && Unit == "")
            yield return default;
    }

    /// <summary>Returns the amount or quantity in this unit.</summary>
    public decimal AmountIn(SumUnit sumUnit) => sumUnit switch
    {
        { Currency: not null } => Amount,
        { Unit: not null } => decimal.Parse(Quantity, CultureInfo.InvariantCulture),
        _ => 0,
    };

    /// <summary>The contribution as an entry of the excluded contributions.</summary>
    public ExcludedContribution AsExcluded => new()
    {
        Id = Id,
        CountedId = CountedId,
        Reason = Reason,
        Currency = Currency == "" ? null : Currency,
        Amount = Currency == "" ? null : Amount,
        Unit = Unit == "" ? null : Unit,
        Quantity = Unit == "" ? null : decimal.Parse(Quantity, CultureInfo.InvariantCulture),
    };
}
