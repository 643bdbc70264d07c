namespace CooperationApi.Contracts;

/// <summary>
/// The views of the SQLite file of an export and of a copy, for analysts: contributions, citations, participants of meetings, and
/// provinces of results. They read the JSON of the records, so they are the same in both files.
/// </summary>
public static class AnalysisViews
{
    /// <summary>The types whose records have citations, as table names.</summary>
    public static readonly IReadOnlyList<string> CitedTables =
    [
        "provinces", "organizations", "officials", "meetings", "agreements", "cooperation_groups", "commitments", "results", "indicators",
        "statements",
    ];

    /// <summary>The statements that create the views. SQLite reads the tables only when a view is queried.</summary>
    public static string CreateSql =>
        $"""
        {ContributionSql}
        {CitationSql}
        {MeetingParticipantSql}
        {ResultProvinceSql}
        """;

    // The year of an undated contribution is that of its meeting. Of contributions that are probably the same, the most exact one counts,
    // and of a whole and its parts the whole, as in `/v1/statistics/contributions`.
    private const string ContributionSql =
        """
        CREATE VIEW contribution AS
        WITH RECURSIVE
        gift AS
        (
            SELECT id, data, coalesce(data ->> '$.approximate', 0) + (data ->> '$.bound' IS NOT NULL) AS inexactness
            FROM results WHERE data ->> '$.kind' = 'Contribution'
        ),
        linked(id, other_id) AS
        (
            SELECT gift.id, other.value FROM gift, json_each(gift.data, '$.probablySameAs') other
            UNION
            SELECT other.value, gift.id FROM gift, json_each(gift.data, '$.probablySameAs') other
        ),
        same(id, other_id) AS
        (
            SELECT id, id FROM gift
            UNION
            SELECT same.id, linked.other_id FROM same JOIN linked ON linked.id = same.other_id
        ),
        best(id, best_id) AS
        (
            SELECT same.id, substr(min(gift.inexactness || gift.id), 2) FROM same JOIN gift ON gift.id = same.other_id GROUP BY same.id
        )
        SELECT gift.id AS result_id, gift.data ->> '$.title' AS title,
            coalesce(gift.data ->> '$.period.from', gift.data ->> '$.period.to', meetings.data ->> '$.heldOn') AS given_on,
            -- NULL for a date without a year, such as --10-26.
            nullif(CAST(substr(coalesce(gift.data ->> '$.period.from', gift.data ->> '$.period.to', meetings.data ->> '$.heldOn'), 1, 4)
                AS INTEGER), 0) AS year,
            gift.data ->> '$.giverId' AS giver_id, gift.data ->> '$.giver' AS giver,
            gift.data ->> '$.receiverId' AS receiver_id, gift.data ->> '$.receiver' AS receiver,
            gift.data ->> '$.quantity' AS quantity, gift.data ->> '$.unit' AS unit,
            gift.data ->> '$.amount' AS amount, gift.data ->> '$.currency' AS currency,
            coalesce(whole.id, best.best_id) AS counted_id, coalesce(whole.id, best.best_id) = gift.id AS is_counted
        FROM gift JOIN best ON best.id = gift.id
        LEFT JOIN gift whole ON whole.id = gift.data ->> '$.partOf'
        LEFT JOIN meetings ON meetings.id = gift.data ->> '$.meetingId';
        """;

    private static string CitationSql =>
        "CREATE VIEW citation AS " + string.Join(" UNION ALL ", CitedTables.Select(table =>
            $"""
            SELECT '{table.Replace('_', '-')}' AS type, {table}.id AS record_id, citation.key AS ordinal,
                citation.value ->> '$.sourceId' AS source_id, citation.value ->> '$.quote' AS quote,
                citation.value ->> '$.start' AS "start", citation.value ->> '$.end' AS "end",
                citation.value ->> '$.locator' AS locator, citation.value -> '$.supports' AS supports,
                citation.value ->> '$.basis' AS basis, citation.value ->> '$.note' AS note
            FROM {table}, json_each({table}.data, '$.citations') citation
            """)) + ";";

    private const string MeetingParticipantSql =
        """
        CREATE VIEW meeting_participant AS
        SELECT meetings.id AS meeting_id, meetings.data ->> '$.heldOn' AS held_on, participant.key AS ordinal,
            participant.value ->> '$.officialId' AS official_id, participant.value ->> '$.organizationId' AS organization_id,
            participant.value ->> '$.provinceId' AS province_id, participant.value ->> '$.role' AS role,
            participant.value ->> '$.title' AS title, participant.value ->> '$.description' AS description
        FROM meetings, json_each(meetings.data, '$.participants') participant;
        """;

    // The provinces of a result, including those of its giver and receiver, as the filter `provinceId` of `/v1/results`.
    private const string ResultProvinceSql =
        """
        CREATE VIEW result_province AS
        SELECT results.id AS result_id, province.value AS province_id FROM results, json_each(results.data, '$.provinceIds') province
        UNION
        SELECT results.id, provinces.id FROM results JOIN provinces
        ON provinces.id IN (results.data ->> '$.giverId', results.data ->> '$.receiverId')
        UNION
        SELECT results.id, party.value ->> '$.provinceId' FROM results, json_each(results.data, '$.reportedBy') party
        WHERE party.value ->> '$.provinceId' IS NOT NULL;
        """;
}
