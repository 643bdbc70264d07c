using System.Data.Common;
using CooperationApi.Storage.Sqlite;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Finds records that tell of something that happened when a province that they name was not there: it had ended, or had not begun. What is only told at
/// the end of the transaction, since the province may change in it too.
/// </summary>
internal sealed class ProvinceDateChecker(DbConnection connection, StatementCache statements, ConstraintViolations violations)
{
    // The list of provinces begins on this day; those that it begins with were there before.
    private const string CoverageStart = "2008-08-01";

    private const string ViolationsSql =
        $"""
        SELECT link.number AS row_id, record.type, record.id, member.name AS member, link.ordinal, province.id AS province, link.happened_on AS event_date, province.valid_from, province.valid_to
        FROM link JOIN province ON province.number = link.to_number JOIN record ON record.number = link.number JOIN member ON member.number = link.member
        WHERE link.happened_on >= '0'
        AND (link.happened_on > substr(province.valid_to, 1, length(link.happened_on))
            OR link.happened_on < substr(province.valid_from, 1, length(link.happened_on)) AND province.valid_from > '{CoverageStart}')
        """;

    private readonly PreparedStatement selectValidity = statements.Prepare("SELECT valid_from, valid_to FROM province WHERE number = @province");
    private readonly Dictionary<long, (string From, string To)> validityByRowId = [];
    private readonly HashSet<long> changedProvinces = [], candidates = [];

    /// <summary>That a province is to be another than it was.</summary>
    public void Invalidate(long provinceRowId)
    {
        validityByRowId.Remove(provinceRowId);
        changedProvinces.Add(provinceRowId);
    }

    /// <summary>Looks whether a province was there when something happened, on a day or in a month or year.</summary>
    public void Check(long recordRowId, long provinceRowId, string eventDate)
    {
        // A day of no known year happened in none.
        if (eventDate is not [>= '0' and <= '9', ..])
            return;
        if (!validityByRowId.TryGetValue(provinceRowId, out var validity))
        {
            validity = selectValidity.QueryFirst(row => (row.GetString(0), row.GetString(1)), provinceRowId);
            // Where all is derived anew, the province's turn may be yet to come.
            if (validity.From is null)
                return;
            validityByRowId[provinceRowId] = validity;
        }
        var (from, to) = (Truncate(validity.From), Truncate(validity.To));
        var wasInForce = string.CompareOrdinal(eventDate, to) <= 0 && (validity.From == CoverageStart || string.CompareOrdinal(eventDate, from) >= 0);
        if (!wasInForce && candidates.Count < ConstraintViolations.MaxReported)
            candidates.Add(recordRowId);

        string Truncate(string day) => day[..Math.Min(day.Length, eventDate.Length)];
    }

    /// <summary>Tells what was found.</summary>
    public async Task ReportViolations()
    {
        foreach (var recordRowId in candidates)
            Report(await FindViolations($"{ViolationsSql} AND link.number = @rowId", recordRowId));
        foreach (var provinceRowId in changedProvinces)
            Report((await FindViolations($"{ViolationsSql} AND link.to_number = @rowId", provinceRowId)).Where(row => !candidates.Contains(row.RowId)));
    }

    private Task<IEnumerable<ViolationRow>> FindViolations(string sql, long rowId) => connection.QueryAsync<ViolationRow>(sql, new { rowId });

    private void Report(IEnumerable<ViolationRow> rows)
    {
        foreach (var row in rows)
        {
            violations.Add(new("province_not_in_force", row.Type, row.Id, new ReferenceLocation(row.Type, row.Id, row.Member, row.Ordinal).Pointer,
                row.Province, row.EventDate, row.ValidFrom, row.ValidTo));
        }
    }

    /// <summary>That a record names a province which was not there at the time.</summary>
    private sealed record ViolationRow
    {
        public required long RowId { get; init; }

        public required string Type { get; init; }

        public required string Id { get; init; }

        public required string Member { get; init; }

        public required int Ordinal { get; init; }

        public required string Province { get; init; }

        public required string EventDate { get; init; }

        public required string ValidFrom { get; init; }

        public required string ValidTo { get; init; }
    }
}
