using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Progress;

/// <summary>
/// The SQL of a progress report: one commitment, or the commitments and results of an agreement or of another record, and the groups, dates
/// and names to which they refer. All records together have at most 8 MiB.
/// </summary>
internal sealed class ProgressQuery(DbConnection connection, string type, string id, CancellationToken cancel)
{
    private const int MaxMebibytes = 8;

    private readonly object parameters = new { type, id };
    private long byteCount;

    private const string OwnerSql = "SELECT record.row_id FROM record WHERE record.type = @type AND record.id = @id";

    /// <summary>
    /// The row ids of the commitments: a commitment itself; of an agreement, its own and those that were raised at its meeting; otherwise
    /// all that refer to the record.
    /// </summary>
    public static string CommitmentsSql(string type) => type switch
    {
        "commitments" => OwnerSql,
        "agreements" =>
            $"""
            {ReferringSql("commitments", "agreementId")}
            UNION
            {AtAdoptionSql("commitments", "meetingId")}
            """,
        _ => ReferringSql("commitments"),
    };

    /// <summary>
    /// The row ids of the results: those that fulfil the commitments, and of an agreement those that were delivered under it, or given or
    /// reported at its meeting; otherwise all that refer to the record.
    /// </summary>
    public static string ResultsSql(string type) =>
        $"""
        SELECT fulfilment.row_id FROM commitment JOIN fulfilment ON fulfilment.commitment_id = commitment.id
        WHERE commitment.row_id IN ({CommitmentsSql(type)})
        UNION
        {(type != "agreements" ? ReferringSql("results") : $"""
        {ReferringSql("results", "agreementId")}
        UNION
        {AtAdoptionSql("results", "meetingId", "reportedAt")}
        """)}
        """;

    /// <summary>The row ids of the groups: all groups of an agreement, and those of the commitments and results.</summary>
    public static string GroupsSql(string type) =>
        $"""
        {(type == "agreements" ? $"{ReferringSql(ResourceTypes.CooperationGroups, "agreementId")} UNION" : "")}
        SELECT reference.target_row_id FROM reference
        WHERE reference.row_id IN ({CommitmentsSql(type)} UNION {ResultsSql(type)})
        AND reference.member_id IN (SELECT member.member_id FROM member WHERE member.name = 'groupIds[]')
        """;

    /// <summary>Reads records in order of id. Throws 400 if there are too many.</summary>
    public async Task<IReadOnlyList<T>> ReadRecords<T>(Resource resource, string rowIdsSql) where T : Record
    {
        var records = new List<T>();
        await foreach (var row in ReadRows(rowIdsSql))
        {
            records.Add((T)resource.Deserialize(row.Body));
            if (records.Count > Limits.MaxProgressRecords)
                throw TooLarge();
        }
        return records;
    }

    /// <summary>Reads the known dates of the agreements or meetings to which the commitments and results refer, by id.</summary>
    public async Task<Dictionary<string, PartialDate>> ReadDates(string table, string column) =>
        (await connection.QueryAsync<(string Id, string Date)>(
            $"""
            SELECT {table}.id, {table}.{column} FROM {table} WHERE {table}.{column} <> '' AND {table}.row_id IN
            (
                SELECT reference.target_row_id FROM reference
                WHERE reference.row_id IN ({CommitmentsSql(type)} UNION {ResultsSql(type)})
            )
            """, parameters)).ToDictionary(row => row.Id, row => PartialDate.Parse(row.Date));

    /// <summary>Reads the names of the parties of the commitments.</summary>
    public async Task<Dictionary<RecordReference, string>> ReadPartyNames(ResourceCatalog catalog)
    {
        var names = new Dictionary<RecordReference, string>();
        foreach (var (partyType, member) in new[]
            { ("officials", "officialId"), ("organizations", "organizationId"), (ResourceTypes.Provinces, "provinceId") })
        {
            await foreach (var row in ReadRows(
                $"""
                SELECT reference.target_row_id FROM reference WHERE reference.row_id IN ({CommitmentsSql(type)})
                AND reference.member_id IN
                (
                    SELECT member.member_id FROM member
                    WHERE member.type = 'commitments' AND member.name IN ('voicedBy[].{member}', 'responsible[].{member}')
                )
                """))
            {
                names[new() { Type = partyType, Id = row.Id }] = catalog[partyType].GetTitle(catalog[partyType].Deserialize(row.Body));
            }
        }
        return names;
    }

    private async IAsyncEnumerable<RecordRow> ReadRows(string rowIdsSql)
    {
        await foreach (var row in connection.StreamAsync<RecordRow>(
            $"SELECT {RecordRow.Columns} FROM record WHERE record.row_id IN ({rowIdsSql}) ORDER BY record.id", parameters)
            .WithCancellation(cancel))
        {
            byteCount += row.Body.Length;
            if (byteCount > MaxMebibytes << 20)
                throw TooLarge();
            yield return row.Verify();
        }
    }

    private static ProblemException TooLarge() =>
        ProblemException.InvalidRequest([new("progress_too_large", Limits.MaxProgressRecords, MaxMebibytes)]);

    /// <summary>The row ids of the records of a type that refer to the owner, in the given members or in any member.</summary>
    private static string ReferringSql(string type, params string[] members) =>
        $"""
        SELECT reference.row_id FROM reference
        WHERE reference.target_row_id = ({OwnerSql}) AND reference.member_id IN ({MemberIdsSql(type, members)})
        """;

    /// <summary>
    /// The row ids of the records of a type in no agreement that refer to the meeting which adopted the agreement.
    /// </summary>
    private static string AtAdoptionSql(string type, params string[] members) =>
        $"""
        SELECT reference.row_id FROM reference adopted CROSS JOIN reference
        WHERE adopted.row_id = ({OwnerSql}) AND adopted.member_id IN ({MemberIdsSql("agreements", "meetingId")})
        AND reference.target_row_id = adopted.target_row_id AND reference.member_id IN ({MemberIdsSql(type, members)})
        AND NOT EXISTS
        (
            SELECT 1 FROM reference owner WHERE owner.row_id = reference.row_id
            AND owner.member_id IN ({MemberIdsSql(type, "agreementId")})
        )
        """;

    private static string MemberIdsSql(string type, params string[] members) =>
        $"SELECT member.member_id FROM member WHERE member.type = '{type}'"
        + (members.Length == 0 ? "" : $" AND member.name IN ('{string.Join("', '", members)}')");
}
