using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/results`: results by kind, group, year, giver or receiver.</summary>
internal sealed class ResultReport(Resource results) : StatisticsReport("results", "Get result statistics.",
    "Returns the number of results by kind, cooperation group, year, giver or receiver. A result over several years counts in its first "
    + "year, and one without a date in the year of the meeting at which it was given. With `by=group`, a result in several groups counts "
    + "in each of their rows; `inSeveralRows` is the number of these results. Only contributions have a giver and a receiver.")
{
    private const string Kind = "kind", Group = "group", Year = "year", Giver = "giver", Receiver = "receiver";

    /// <summary>The allowed grouping keys.</summary>
    public static readonly IReadOnlyList<string> GroupByValues = [Kind, Group, Year, Giver, Receiver];

    public override GroupByParameter GroupBy { get; } = new(GroupByValues, Kind);

    public override IReadOnlyList<ListFilter> Filters { get; } =
        SelectFilters(results, "provinceId", "agreementId", "hasCommitment", "from", "to");

    protected override ResultStatistics Example => new()
    {
        By = GroupBy.DefaultValues,
        Items = [new() { Kind = ResultKind.Contribution, Count = 4 }, new() { Kind = ResultKind.Output, Count = 9 }],
        Results = 13,
        InSeveralRows = 0,
        Revision = 638,
    };

    // The year of an undated result is that of the meeting at which it was given.
    private const string YearSql =
        """
        CASE WHEN result.event_date >= '1' THEN substr(result.event_date, 1, 4)
        WHEN result.event_date = '' AND meeting.held_on >= '1' THEN substr(meeting.held_on, 1, 4) ELSE '' END
        """;

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var columns = query.GroupBy.SelectMany(GetColumns).ToList();
        // Numbers of columns: a name such as `kind` could also be a column of a joined table.
        var keys = string.Join(", ", Enumerable.Range(1, columns.Count));
        var rows = (await connection.QueryAsync<CountRow>(
            $"""
            SELECT {string.Join(", ", columns.Select(column => $"{column.Sql} AS {column.Name}"))}, count(*) AS count
            {FromSql(query)}
            GROUP BY {keys} ORDER BY {keys}
            """, query.SqlParameters)).AsList();
        return new ResultStatistics
        {
            By = query.GroupBy,
            Items = EnsureNotTooMany([.. rows.Select(row => row.ToResultRow())]),
            Results = await connection.QuerySingleAsync<long>($"SELECT count(*) FROM result {query.WhereClause}", query.SqlParameters),
            InSeveralRows = !query.GroupBy.Contains(Group) ? 0 : await connection.QuerySingleAsync<long>(
                $"SELECT count(*) FROM (SELECT result.id {FromSql(query)} GROUP BY result.id HAVING count(*) > 1) multiple",
                query.SqlParameters),
            Revision = revision,
        };
    }

    private static string FromSql(StatisticsQuery query) =>
        $"""
        FROM result
        {(query.GroupBy.Contains(Year) ? $"{JoinSql("given", "meetingId")} LEFT JOIN meeting ON meeting.row_id = given.target_row_id" : "")}
        {(query.GroupBy.Contains(Group)
            ? $"{JoinSql("grouping", "groupIds[]")} LEFT JOIN cooperation_group ON cooperation_group.row_id = grouping.target_row_id"
            : "")}
        {(query.GroupBy.Contains(Giver) || query.GroupBy.Contains(Receiver)
            ? "LEFT JOIN contribution ON contribution.row_id = result.row_id"
            : "")}
        {query.WhereClause}
        """;

    private static string JoinSql(string name, string member) =>
        $"""
        LEFT JOIN reference {name} ON {name}.row_id = result.row_id
        AND {name}.member_id = (SELECT member.member_id FROM member WHERE member.type = 'results' AND member.name = '{member}')
        """;

    private static IEnumerable<(string Name, string Sql)> GetColumns(string value) => value switch
    {
        Kind => [("kind", "result.kind")],
        Group => [("group_id", "coalesce(cooperation_group.id, '')")],
        Year => [("year", YearSql)],
        Giver => [("giver_id", "coalesce(contribution.giver_id, '')"), ("giver", DescriptionSql("giver"))],
        _ => [("receiver_id", "coalesce(contribution.receiver_id, '')"), ("receiver", DescriptionSql("receiver"))],
    };

    // The words of the source, only if no record describes the party.
    private static string DescriptionSql(string party) =>
        $"CASE WHEN contribution.{party}_id = '' THEN contribution.{party} ELSE '' END";

    // A column by which the rows are not grouped is null; a missing value is an empty string.
    private sealed record CountRow
    {
        public string? Kind { get; init; }

        public string? GroupId { get; init; }

        public string? Year { get; init; }

        public string? GiverId { get; init; }

        public string? Giver { get; init; }

        public string? ReceiverId { get; init; }

        public string? Receiver { get; init; }

        public required long Count { get; init; }

        public ResultRow ToResultRow() => new()
        {
            Kind = Enum.TryParse<ResultKind>(Kind, out var kind) ? kind : null,
            GroupId = GroupId is "" ? null : GroupId,
            Year = int.TryParse(Year, CultureInfo.InvariantCulture, out var year) ? year : null,
            GiverId = GiverId is "" ? null : GiverId,
            Giver = Giver is "" ? null : Giver,
            ReceiverId = ReceiverId is "" ? null : ReceiverId,
            Receiver = Receiver is "" ? null : Receiver,
            Count = Count,
        };
    }
}
