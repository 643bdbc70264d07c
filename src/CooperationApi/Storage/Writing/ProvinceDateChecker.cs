using System.Data.Common;
using CooperationApi.Storage.Sqlite;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Checks that each province was in force on the event date of the records that refer to it. Reports violations at the end of the
/// transaction, because the province may change in it too.
/// </summary>
internal sealed class ProvinceDateChecker(DbConnection connection, StatementCache statements, ConstraintViolations violations)
{
    // The first day of the province list. Provinces that are valid from this day existed before it.
    private const string CoverageStart = "2008-08-01";

    private const string ViolationsSql =
        $"""
        SELECT reference.row_id, record.type, record.id, member.name AS member, reference.ordinal, province.id AS province,
            reference.event_date, province.valid_from, province.valid_to
        FROM reference JOIN province ON province.row_id = reference.target_row_id JOIN record ON record.row_id = reference.row_id
        JOIN member ON member.member_id = reference.member_id
        WHERE reference.event_date >= '0'
        AND (reference.event_date > substr(province.valid_to, 1, length(reference.event_date))
            OR reference.event_date < substr(province.valid_from, 1, length(reference.event_date))
            AND province.valid_from > '{CoverageStart}')
        """;

    private readonly PreparedStatement selectValidity =
        statements.Prepare("SELECT valid_from, valid_to FROM province WHERE row_id = @province");
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
            validity = selectValidity.QueryFirst(row => (row.GetString(0), row.GetString(1)), provinceRowId);
            validityByRowId[provinceRowId] = validity;
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
            Report(await FindViolations($"{ViolationsSql} AND reference.row_id = @rowId", recordRowId));
        foreach (var provinceRowId in changedProvinces)
            Report((await FindViolations($"{ViolationsSql} AND reference.target_row_id = @rowId", provinceRowId)).Where(
                row => !candidates.Contains(row.RowId)));
    }

    private Task<IEnumerable<ViolationRow>> FindViolations(string sql, long rowId) =>
        connection.QueryAsync<ViolationRow>(sql, new { rowId });

    private void Report(IEnumerable<ViolationRow> rows)
    {
        foreach (var row in rows)
        {
            violations.Add(
                new("province_not_in_force", row.Type, row.Id, new ReferenceLocation(row.Type, row.Id, row.Member, row.Ordinal).Pointer,
                row.Province, row.EventDate, row.ValidFrom, row.ValidTo));
        }
    }

    /// <summary>A reference to a province that was not in force on the event date.</summary>
    private sealed record ViolationRow(long RowId, string Type, string Id, string Member, long Ordinal, string Province, string EventDate,
        string ValidFrom, string ValidTo);
}
