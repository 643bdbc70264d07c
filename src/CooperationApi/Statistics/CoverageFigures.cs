using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Dapper;

namespace CooperationApi.Statistics;

/// <summary>`/v1/statistics/coverage`: on how much evidence the record rests.</summary>
internal sealed class CoverageFigures(Catalog catalog) : Figures("coverage", "Counts the evidence.",
    "How many records each type has, how many citations they have, and which part of these a source states, the editors infer, or a reference stands for.")
{
    protected override CoverageStatistics Example => new()
    {
        Items = [Of("agreements", 1, new() { [CitationBasis.Stated] = 6, [CitationBasis.Inferred] = 2 })],
        Total = Of(null, 1, new() { [CitationBasis.Stated] = 6, [CitationBasis.Inferred] = 2 }),
        Revision = 203,
    };

    public override async Task<object> Read(DbConnection connection, FiguresQuery query, long revision)
    {
        var records = (await connection.QueryAsync<(string Type, long Count)>("SELECT type, count(*) FROM record GROUP BY type")).ToDictionary();
        var citations = (await connection.QueryAsync<(string Type, string Basis, long Count)>(
            """
            SELECT member.type, cited.basis, cited.count
            FROM (SELECT link.member, link.basis, count(*) AS count FROM link WHERE link.basis IS NOT NULL GROUP BY link.member, link.basis) cited
            JOIN member ON member.number = cited.member
            """))
            .Select(row => (row.Type, Basis: Enum.Parse<CitationBasis>(row.Basis), row.Count)).ToList();
        return new CoverageStatistics
        {
            Items = [.. catalog.Types.Select(type => Of(type, records.GetValueOrDefault(type), citations.Where(row => row.Type == type).ToDictionary(row => row.Basis, row => row.Count)))],
            Total = Of(null, records.Values.Sum(), citations.GroupBy(row => row.Basis).ToDictionary(rows => rows.Key, rows => rows.Sum(row => row.Count))),
            Revision = revision,
        };
    }

    private static Coverage Of(string? type, long records, Dictionary<CitationBasis, long> citations)
    {
        var all = citations.Values.Sum();
        return new()
        {
            Type = type,
            Records = records,
            Citations = all,
            CitationsPerRecord = records == 0 ? null : Math.Round((double)all / records, 2),
            Stated = Share(CitationBasis.Stated),
            Inferred = Share(CitationBasis.Inferred),
            Referenced = Share(CitationBasis.Referenced),
        };

        Share Share(CitationBasis basis)
        {
            var count = citations.GetValueOrDefault(basis);
            return new() { Count = count, Part = all == 0 ? null : Math.Round((double)count / all, 4) };
        }
    }
}
