using System.Data.Common;
using CooperationApi.Contracts;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Checks rules between the records of a transaction and the records to which they refer, or which refer to them: groups belong to the
/// agreement, dates are in order, successions of provinces are symmetric.
/// </summary>
internal sealed class ConsistencyChecker(DbConnection connection, StoreVersion startVersion, ConstraintViolations violations)
{
    private static readonly HashSet<string> CheckedTypes =
        ["provinces", "meetings", "agreements", "cooperation-groups", "commitments", "results"];

    // The written records, and those that a written record can make inconsistent: the records that refer to it, and the records that refer
    // to the groups of a written agreement.
    private const string CreateCandidatesSql =
        """
        CREATE TEMP TABLE IF NOT EXISTS candidate (row_id BIGINT PRIMARY KEY);
        DELETE FROM candidate;
        WITH written AS (SELECT row_id, type FROM record WHERE revision > @Revision)
        INSERT INTO candidate (row_id)
        SELECT row_id FROM written WHERE type IN ('provinces', 'agreements', 'commitments', 'results')
        UNION
        SELECT reference.row_id FROM written CROSS JOIN reference
        WHERE written.type IN ('provinces', 'meetings', 'agreements', 'cooperation-groups')
        AND reference.target_row_id = written.row_id
        AND reference.member_id IN (SELECT member_id FROM member WHERE name IN
            ('predecessors[].id', 'successors[].id', 'meetingId', 'reportedAt', 'agreementId', 'groupIds[]'))
        UNION
        SELECT reference.row_id FROM written CROSS JOIN reference owner CROSS JOIN reference
        WHERE written.type = 'agreements' AND owner.target_row_id = written.row_id
        AND owner.member_id = (SELECT member_id FROM member WHERE type = 'cooperation-groups' AND name = 'agreementId')
        AND reference.target_row_id = owner.row_id
        AND reference.member_id IN (SELECT member_id FROM member WHERE name = 'groupIds[]')
        """;

    // Without an agreement of its own, a record belongs to the agreement that its meeting adopted: the meeting at which it was made or
    // given, the meeting of which that was a part, or the one at which it was reported. A record with neither is not limited: the source
    // may report it apart from any meeting.
    private const string GroupsSql =
        """
        SELECT record.type, record.id, groups_member.name AS member, groups.ordinal, grouping.id AS first, agreement.id AS second
        FROM candidate CROSS JOIN reference groups
        JOIN member groups_member ON groups_member.member_id = groups.member_id
        JOIN record ON record.row_id = groups.row_id
        JOIN record grouping ON grouping.row_id = groups.target_row_id
        JOIN reference owner ON owner.row_id = grouping.row_id
        AND owner.member_id = (SELECT member_id FROM member WHERE type = 'cooperation-groups' AND name = 'agreementId')
        JOIN record agreement ON agreement.row_id = owner.target_row_id
        LEFT JOIN reference own ON own.row_id = record.row_id
        AND own.member_id = (SELECT member_id FROM member WHERE type = record.type AND name = 'agreementId')
        LEFT JOIN reference held ON held.row_id = record.row_id
        AND held.member_id = (SELECT member_id FROM member WHERE type = record.type AND name = 'meetingId')
        LEFT JOIN reference whole ON whole.row_id = held.target_row_id
        AND whole.member_id = (SELECT member_id FROM member WHERE type = 'meetings' AND name = 'parentId')
        LEFT JOIN reference reported ON reported.row_id = record.row_id
        AND reported.member_id = (SELECT member_id FROM member WHERE type = record.type AND name = 'reportedAt')
        LEFT JOIN reference adopted ON adopted.row_id = agreement.row_id
        AND adopted.member_id = (SELECT member_id FROM member WHERE type = 'agreements' AND name = 'meetingId')
        WHERE groups.row_id = candidate.row_id AND groups.member_id IN (SELECT member_id FROM member WHERE name = 'groupIds[]')
        AND coalesce(own.target_row_id <> owner.target_row_id, coalesce(held.target_row_id, reported.target_row_id) IS NOT NULL
            AND coalesce(held.target_row_id, -2) <> coalesce(adopted.target_row_id, -1)
            AND coalesce(whole.target_row_id, -2) <> coalesce(adopted.target_row_id, -1)
            AND coalesce(reported.target_row_id, -2) <> coalesce(adopted.target_row_id, -1))
        """;

    private const string SuccessionsSql =
        """
        SELECT record.type, record.id, member.name AS member, succession.ordinal, other.id AS first, record.id AS second,
            inverse.name AS third
        FROM candidate CROSS JOIN reference succession
        JOIN member ON member.member_id = succession.member_id
        JOIN member inverse ON inverse.type = 'provinces' AND inverse.name IN ('predecessors[].id', 'successors[].id')
        AND inverse.name <> member.name
        JOIN record ON record.row_id = succession.row_id
        JOIN record other ON other.row_id = succession.target_row_id
        WHERE succession.row_id = candidate.row_id AND succession.member_id IN
        (SELECT member_id FROM member WHERE type = 'provinces' AND name IN ('predecessors[].id', 'successors[].id'))
        AND NOT EXISTS
        (
            SELECT 1 FROM reference WHERE reference.row_id = other.row_id AND reference.member_id = inverse.member_id
            AND reference.target_row_id = record.row_id
        )
        """;

    private const string GivenBeforeAdoptionSql =
        """
        SELECT record.type, record.id, 'meetingId' AS member, 0 AS ordinal, agreement.id AS first, agreement.adopted_on AS second
        FROM candidate CROSS JOIN record
        JOIN reference given ON given.row_id = record.row_id
        AND given.member_id = (SELECT member_id FROM member WHERE type = 'results' AND name = 'meetingId')
        JOIN meeting ON meeting.row_id = given.target_row_id
        JOIN reference owner ON owner.row_id = record.row_id
        AND owner.member_id = (SELECT member_id FROM member WHERE type = 'results' AND name = 'agreementId')
        JOIN agreement ON agreement.row_id = owner.target_row_id
        WHERE record.row_id = candidate.row_id AND meeting.held_to < agreement.adopted_from
        """;

    // The meeting could only announce such a result: it is a plan.
    private const string PlannedResultSql =
        """
        SELECT record.type, record.id, 'period' AS member, 0 AS ordinal, meeting.id AS first, meeting.held_on AS second
        FROM candidate CROSS JOIN result JOIN record ON record.row_id = result.row_id
        JOIN reference reported ON reported.row_id = result.row_id
        AND reported.member_id = (SELECT member_id FROM member WHERE type = 'results' AND name = 'reportedAt')
        JOIN meeting ON meeting.row_id = reported.target_row_id
        WHERE result.row_id = candidate.row_id AND result.period_from > meeting.held_to
        """;

    // The codes with a date as the second argument of their message.
    private static readonly HashSet<string> DateCodes =
        ["date_before_adoption", "date_before_meeting", "meeting_before_adoption", "planned_result"];

    private static readonly IReadOnlyList<(string Code, string Sql)> Rules =
    [
        ("group_outside_agreement", GroupsSql),
        ("succession_not_symmetric", SuccessionsSql),
        ("date_before_adoption", DateOrderSql("commitment", "status_to", "statusAsOf", "agreementId", "agreement", "adopted")),
        ("date_before_adoption", DateOrderSql("commitment", "due_to", "dueOn", "agreementId", "agreement", "adopted")),
        ("date_before_meeting", DateOrderSql("commitment", "status_to", "statusAsOf", "meetingId", "meeting", "held")),
        ("date_before_meeting", DateOrderSql("commitment", "due_to", "dueOn", "meetingId", "meeting", "held")),
        ("date_before_meeting", DateOrderSql("agreement", "adopted_to", "adoptedOn", "meetingId", "meeting", "held")),
        ("date_before_adoption", DateOrderSql("result", "period_to", "period", "agreementId", "agreement", "adopted")),
        ("meeting_before_adoption", GivenBeforeAdoptionSql),
        ("planned_result", PlannedResultSql),
    ];

    private bool isRequired;

    /// <summary>Adds a record that the transaction writes.</summary>
    public void Add(RecordUpsert upsert) => isRequired |= CheckedTypes.Contains(upsert.Type);

    /// <summary>Reports the violations of the transaction.</summary>
    public void ReportViolations()
    {
        if (!isRequired)
            return;
        connection.Execute(CreateCandidatesSql, new { startVersion.Revision });
        foreach (var (code, sql) in Rules)
        {
            foreach (var row in connection.Query<ViolationRow>(sql, buffered: false))
            {
                object second = DateCodes.Contains(code) ? PartialDate.Parse(row.Second) : row.Second;
                violations.Add(new(code, row.Type, row.Id, new ReferenceLocation(row.Type, row.Id, row.Member, row.Ordinal).Pointer,
                    row.First, second, row.Third ?? ""));
            }
        }
    }

    /// <summary>
    /// Returns the query for the records with a date before that of a record to which they refer. Partial dates are in order if they can
    /// be: the last possible day is compared with the first possible day of the other date.
    /// </summary>
    private static string DateOrderSql(string table, string lastDayColumn, string member, string referenceMember, string otherTable,
        string otherDate) =>
        $"""
        SELECT record.type, record.id, '{member}' AS member, 0 AS ordinal, other.id AS first, other.{otherDate}_on AS second
        FROM candidate CROSS JOIN {table} dated JOIN record ON record.row_id = dated.row_id
        JOIN reference ON reference.row_id = dated.row_id
        AND reference.member_id = (SELECT member_id FROM member WHERE type = record.type AND name = '{referenceMember}')
        JOIN {otherTable} other ON other.row_id = reference.target_row_id
        WHERE dated.row_id = candidate.row_id AND dated.{lastDayColumn} < other.{otherDate}_from
        """;

    /// <summary>A member that contradicts another record, with the arguments of the message.</summary>
    private sealed record ViolationRow
    {
        public required string Type { get; init; }

        public required string Id { get; init; }

        public required string Member { get; init; }

        public required int Ordinal { get; init; }

        public required string First { get; init; }

        public required string Second { get; init; }

        public string? Third { get; init; }
    }
}
