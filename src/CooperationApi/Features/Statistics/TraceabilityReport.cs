using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/traceability`: how many commitments and results are joined, cited, quoted and dated.</summary>
internal sealed class TraceabilityReport(Resource commitments, Resource results) : StatisticsReport("traceability",
    "Get traceability statistics.",
    "Returns for commitments and results the number of records, and of those that are joined (a commitment with a result that fulfils it, "
    + "a result that fulfils a commitment), cited, quoted (with a citation of the basis `Stated`) and dated (a commitment with a due date, "
    + "the end of a period or a dated status; a result with a period).")
{
    public override IReadOnlyList<ListFilter> Filters { get; } = SelectFilters(commitments, "provinceId", "agreementId");

    protected override TraceabilityStatistics Example => new()
    {
        Commitments = new() { Records = 21, Joined = 1, Cited = 21, Quoted = 21, Dated = 21 },
        Results = new() { Records = 13, Joined = 1, Cited = 13, Quoted = 13, Dated = 4 },
        Revision = 638,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision) => new TraceabilityStatistics
    {
        Commitments = await Count(connection, commitments, query,
            "EXISTS (SELECT 1 FROM fulfilment WHERE fulfilment.commitment_id = commitment.id)",
            "commitment.due_on <> '' OR commitment.period_to IS NOT NULL OR commitment.status_to IS NOT NULL"),
        Results = await Count(connection, results, query, "result.has_commitment = 1", "result.event_date <> ''"),
        Revision = revision,
    };

    private static async Task<TraceabilityCounts> Count(DbConnection connection, Resource resource, StatisticsQuery query, string joinedSql,
        string datedSql)
    {
        var row = await connection.QuerySingleAsync<(long Records, long Joined, long Cited, long Quoted, long Dated)>(
            $"""
            SELECT count(*), {CountSql(joinedSql)}, {CountSql(CitationSql())}, {CountSql(CitationSql("AND reference.basis = 'Stated'"))},
                {CountSql(datedSql)}
            FROM {resource.Table}
            WHERE 1 = 1 {string.Concat(query.Filters.Select(filter => $"\nAND {FindCondition(resource, filter).Sql}"))}
            """, query.SqlParameters);
        return new() { Records = row.Records, Joined = row.Joined, Cited = row.Cited, Quoted = row.Quoted, Dated = row.Dated };

        static string CountSql(string condition) => $"coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)";

        string CitationSql(string condition = "") =>
            $"EXISTS (SELECT 1 FROM reference WHERE reference.row_id = {resource.Table}.row_id AND reference.member_id = "
            + $"(SELECT member.member_id FROM member WHERE member.type = '{resource.Type}' "
            + $"AND member.name = '{ReferenceDefinition.Citation.Member}') {condition})";
    }

    /// <summary>Returns the condition of a resource's own filter with the same name, for the same values.</summary>
    private static SqlCondition FindCondition(Resource resource, AppliedFilter filter) =>
        ((IdFilter)resource.Filters.Single(own => own.Name == filter.RequiredRecords!.Filter.Name)).SqlCondition
        .WithValues(string.Join(", ", filter.Values.Keys.Select(name => "@" + name)));
}
