using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/coverage`: records and citations by type.</summary>
internal sealed class CoverageReport(ResourceCatalog catalog) : StatisticsReport("coverage", "Get citation coverage.",
    "Returns the number of records and citations per type, and the share of citations per basis: stated by a source, inferred by the "
    + "editors, or referenced without a quote.")
{
    protected override CoverageStatistics Example => new()
    {
        Items = [BuildCoverage("agreements", 1, new() { [CitationBasis.Stated] = 6, [CitationBasis.Inferred] = 2 })],
        Total = BuildCoverage(null, 1, new() { [CitationBasis.Stated] = 6, [CitationBasis.Inferred] = 2 }),
        Revision = 203,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var records =
            (await connection.QueryAsync<(string Type, long Count)>("SELECT type, count(*) FROM record GROUP BY type")).ToDictionary();
        var citations = (await connection.QueryAsync<(string Type, string Basis, long Count)>(
            """
            SELECT member.type, citation_count.basis, citation_count.count
            FROM (SELECT reference.member_id, reference.basis, count(*) AS count FROM reference WHERE reference.basis IS NOT NULL
            GROUP BY reference.member_id, reference.basis) citation_count
            JOIN member ON member.member_id = citation_count.member_id
            """))
            .Select(row => (row.Type, Basis: Enum.Parse<CitationBasis>(row.Basis), row.Count)).ToList();
        return new CoverageStatistics
        {
            Items = [
                .. catalog.Types.Select(
                    type => BuildCoverage(type, records.GetValueOrDefault(type),
                        citations.Where(row => row.Type == type).ToDictionary(row => row.Basis, row => row.Count)))],
            Total = BuildCoverage(null, records.Values.Sum(),
                citations.GroupBy(row => row.Basis).ToDictionary(rows => rows.Key, rows => rows.Sum(row => row.Count))),
            Revision = revision,
        };
    }

    private static CitationCoverage BuildCoverage(string? type, long records, Dictionary<CitationBasis, long> citations)
    {
        var citationCount = citations.Values.Sum();
        return new()
        {
            Type = type,
            Records = records,
            Citations = citationCount,
            CitationsPerRecord = records == 0 ? null : Math.Round((double)citationCount / records, 2),
            Stated = ToShare(CitationBasis.Stated),
            Inferred = ToShare(CitationBasis.Inferred),
            Referenced = ToShare(CitationBasis.Referenced),
        };

        CitationShare ToShare(CitationBasis basis)
        {
            var count = citations.GetValueOrDefault(basis);
            return new() { Count = count, Fraction = citationCount == 0 ? null : Math.Round((double)count / citationCount, 4) };
        }
    }
}
