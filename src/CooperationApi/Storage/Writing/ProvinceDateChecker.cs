using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Text;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Checks that each province was in force on the event date of the records that refer to it, and at both ends of an event that extends over
/// a period. Reports violations at the end of the transaction, because the province may change in it too.
/// </summary>
internal sealed class ProvinceDateChecker(DbConnection connection, IPreparedStatements statements, ConstraintViolations violations)
{
    // The first day of the province list. Provinces that are valid from this day existed before it.
    private const string CoverageStart = "2008-08-01";

    // The last day of a province that has not ended.
    private const string OpenEndDate = "9999-12-31";

    private readonly Dictionary<long, (string From, string To)> validityByRowId = [];
    private readonly HashSet<long> changedProvinces = [], candidates = [];

    /// <summary>Marks a province as changed in this transaction.</summary>
    public void Invalidate(long provinceRowId)
    {
        validityByRowId.Remove(provinceRowId);
        changedProvinces.Add(provinceRowId);
    }

    /// <summary>Checks a province against an event date: a day, month or year.</summary>
    public void Check(long recordRowId, long provinceRowId, string eventDate)
    {
        // A date without a year (`--10-26`) or without any part cannot be checked.
        if (eventDate is not [>= '0' and <= '9', ..])
            return;
        if (!validityByRowId.TryGetValue(provinceRowId, out var validity))
        {
            var row = statements.QueryFirst("SELECT valid_from, valid_to FROM province WHERE row_id = @province", provinceRowId)!;
            validityByRowId[provinceRowId] = validity = (row[0].Text!, row[1].Text!);
        }
        var (from, to) = (Truncate(validity.From), Truncate(validity.To));
        var wasInForce =
            string.CompareOrdinal(eventDate, to) <= 0 && (validity.From == CoverageStart || string.CompareOrdinal(eventDate, from) >= 0);
        if (!wasInForce && candidates.Count < ConstraintViolations.MaxReported)
            candidates.Add(recordRowId);

        string Truncate(string day) => day[..Math.Min(day.Length, eventDate.Length)];
    }

    /// <summary>Reports the violations of the transaction.</summary>
    public async Task ReportViolations()
    {
        foreach (var recordRowId in candidates)
            await Report(await FindViolations("row_id", recordRowId));
        foreach (var provinceRowId in changedProvinces)
            await Report((await FindViolations("target_row_id", provinceRowId)).Where(row => !candidates.Contains(row.RowId)));
    }

    private Task<IEnumerable<ViolationRow>> FindViolations(string rowIdColumn, long rowId)
    {
        return connection.QueryAsync<ViolationRow>($"{SelectSql("event_date")} UNION ALL {SelectSql("event_end")}", new { rowId });

        string SelectSql(string dateColumn) =>
            $"""
            SELECT reference.row_id, record.type, record.id, member.name AS member, reference.ordinal, province.row_id AS province_row_id,
                province.id AS province, reference.{dateColumn} AS event_date, province.valid_from, province.valid_to
            FROM reference JOIN province ON province.row_id = reference.target_row_id JOIN record ON record.row_id = reference.row_id
            JOIN member ON member.member_id = reference.member_id
            WHERE reference.{rowIdColumn} = @rowId AND reference.{dateColumn} >= '0'
            AND (reference.{dateColumn} > substr(province.valid_to, 1, length(reference.{dateColumn}))
                OR reference.{dateColumn} < substr(province.valid_from, 1, length(reference.{dateColumn}))
                AND province.valid_from > '{CoverageStart}')
            """;
    }

    private async Task Report(IEnumerable<ViolationRow> rows)
    {
        foreach (var row in rows)
        {
            var isAfterEnd = string.CompareOrdinal(row.EventDate, row.ValidTo) > 0;
            var relatedIds = await connection.QueryAsync<string>(
                """
                SELECT related.id FROM reference JOIN member ON member.member_id = reference.member_id AND member.name = @memberName
                JOIN record related ON related.row_id = reference.target_row_id WHERE reference.row_id = @ProvinceRowId ORDER BY related.id
                """, new { row.ProvinceRowId, memberName = isAfterEnd ? "successors[].id" : "predecessors[].id" });
            var validity = new ValidityPeriod(row.ValidFrom == CoverageStart ? null : ParseDay(row.ValidFrom),
                row.ValidTo == OpenEndDate ? null : ParseDay(row.ValidTo));
            var relatedText = string.Join(", ", relatedIds) is { Length: > 0 } ids ? ids : "–";
            violations.Add(
                new("province_not_in_force", row.Type, row.Id, new ReferenceLocation(row.Type, row.Id, row.Member, row.Ordinal).Pointer,
                row.Province, PartialDate.Parse(row.EventDate), validity, relatedText));
        }
    }

    private static DateOnly ParseDay(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A reference to a province that was not in force on the event date.</summary>
    [method: ExplicitConstructor]
    private sealed record ViolationRow(long RowId, string Type, string Id, string Member, long Ordinal, long ProvinceRowId, string Province,
        string EventDate, string ValidFrom, string ValidTo);
}
