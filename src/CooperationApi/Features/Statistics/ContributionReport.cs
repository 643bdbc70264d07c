using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/contributions`: sums of contributions.</summary>
internal sealed class ContributionReport(Resource results) : StatisticsReport("contributions", "Get contribution statistics.",
    "Returns sums of contributions by year, giver, receiver, currency or group. Rows are always separate per `currency` and `unit`: the "
    + "service never adds different currencies, or goods and money. If contributions are linked as probably the same (`probablySameAs`), "
    + "only the most exact one counts; `excluded` lists the others with the reason. A sum that includes an approximate or bounded value "
    + "is marked `approximate`, `atLeast` or `atMost`. A contribution over several years counts in its first year. With `by=group`, a "
    + "contribution in several groups counts in each of their rows. `inSeveralRows` is the number of contributions in more than one row; "
    + "do not add up rows that share contributions.")
{
    private const string Year = "year", Giver = "giver", Receiver = "receiver", Currency = "currency", Group = "group";

    /// <summary>The allowed grouping keys.</summary>
    public static readonly IReadOnlyList<string> GroupByValues = [Year, Giver, Receiver, Currency, Group];

    public override GroupByParameter GroupBy { get; } = new(GroupByValues, Year, Currency);

    public override IReadOnlyList<ListFilter> Filters { get; } = SelectFilters(results, "provinceId", "from", "to");

    protected override ContributionStatistics Example => new()
    {
        By = GroupBy.DefaultValues,
        Items =
        [
            new()
            {
                Year = 2015,
                Currency = "VND",
                Amount = 2_000_000_000,
                Count = 1,
                Ids = ["ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong"],
            },
            new()
            {
                Year = 2019,
                Unit = "con bò giống",
                Quantity = 100,
                Count = 1,
                Ids = ["ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong"],
            },
        ],
        Contributions = 2,
        InSeveralRows = 0,
        Excluded =
        [
            new()
            {
                Id = "ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong",
                CountedId = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong",
                Reason = ExclusionReason.LessExact,
                Currency = "VND",
                Amount = 3_800_000_000,
            },
        ],
        Revision = 203,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var filterSql =
            query.Filters.Count == 0 ? "" : $"WHERE contribution.row_id IN (SELECT result.row_id FROM result {query.WhereClause})";
        var contributions = await connection.QueryAsync<ContributionRecord>(
            $"""
            WITH RECURSIVE {ContributionRecord.ClustersSql}
            SELECT {ContributionRecord.ColumnsSql} FROM {ContributionRecord.FromSql}
            {filterSql}
            ORDER BY contribution.id
            """, query.SqlParameters);
        var groupIdsByResult = query.GroupBy.Contains(Group) ? await ReadGroupIds(connection) : null;
        var totals = new Dictionary<RowKey, ContributionTotal>();
        var excluded = new List<ExcludedContribution>();
        var (contributionCount, multiRowCount) = (0, 0);
        foreach (var contribution in contributions)
        {
            if (contribution.CountedId != contribution.Id)
            {
                excluded.Add(contribution.AsExcluded);
                continue;
            }
            var keys = GetRowKeys(contribution, query.GroupBy, groupIdsByResult);
            foreach (var key in keys)
            {
                if (!totals.TryGetValue(key, out var total))
                    totals[key] = total = new(key.SumUnit);
                total.Add(contribution);
            }
            (contributionCount, multiRowCount) = (contributionCount + 1, keys.Count > 1 ? multiRowCount + 1 : multiRowCount);
        }
        return new ContributionStatistics
        {
            By = query.GroupBy,
            Items = EnsureNotTooMany([.. SortKeys(totals.Keys, query.GroupBy).Select(key => totals[key].ApplyTo(key.EmptyRow))]),
            Contributions = contributionCount,
            InSeveralRows = multiRowCount,
            Excluded = EnsureNotTooMany(excluded),
            Revision = revision,
        };
    }

    private static async Task<ILookup<string, string>> ReadGroupIds(DbConnection connection) =>
        (await connection.QueryAsync<(string Id, string GroupId)>(
            """
            SELECT result.id, cooperation_group.id
            FROM cooperation_group JOIN reference ON reference.target_row_id = cooperation_group.row_id JOIN result
            ON result.row_id = reference.row_id
            WHERE reference.member_id IN (SELECT member.member_id FROM member WHERE member.type = 'results')
            """))
        .ToLookup(pair => pair.Id, pair => pair.GroupId);

    /// <summary>Returns the keys of the rows in which a contribution counts.</summary>
    private static List<RowKey> GetRowKeys(ContributionRecord contribution, IReadOnlyList<string> groupBy,
        ILookup<string, string>? groupIdsByResult)
    {
        var key = new RowKey
        {
            Year = groupBy.Contains(Year) ? contribution.Year : "",
            Giver = groupBy.Contains(Giver) ? PartyKey.Create(contribution.GiverId, contribution.Giver) : default,
            Receiver = groupBy.Contains(Receiver) ? PartyKey.Create(contribution.ReceiverId, contribution.Receiver) : default,
        };
        var groupIds = groupIdsByResult is null ? [""] : groupIdsByResult[contribution.Id].DefaultIfEmpty("");
        return [.. groupIds.SelectMany(
            groupId => contribution.GetSumUnits().Select(sumUnit => key with { GroupId = groupId, SumUnit = sumUnit }))];
    }

    private static IEnumerable<RowKey> SortKeys(IEnumerable<RowKey> keys, IReadOnlyList<string> groupBy) =>
        keys.OrderBy(key => string.Join('\n', groupBy.Select(key.GetText).Append(key.SumUnit.Currency).Append(key.SumUnit.Unit)),
            StringComparer.Ordinal);

    /// <summary>The giver or receiver: the id of a record, or a description if there is no record.</summary>
    private readonly record struct PartyKey(string? Id, string? Description)
    {
        public static PartyKey Create(string id, string description) =>
            id != "" ? new(id, null) : description != "" ? new(null, description) : default;
    }

    /// <summary>The key of a row.</summary>
    private readonly record struct RowKey
    {
        public required string Year { get; init; }

        public required PartyKey Giver { get; init; }

        public required PartyKey Receiver { get; init; }

        public string GroupId { get; init; }

        public SumUnit SumUnit { get; init; }

        /// <summary>The row of this key, without a sum.</summary>
        public ContributionRow EmptyRow => new()
        {
            Year = Year == "" ? null : int.Parse(Year, CultureInfo.InvariantCulture),
            GiverId = Giver.Id,
            Giver = Giver.Description,
            ReceiverId = Receiver.Id,
            Receiver = Receiver.Description,
            GroupId = GroupId == "" ? null : GroupId,
            Count = 0,
            Ids = [],
        };

        public string? GetText(string column) => column switch
        {
            ContributionReport.Year => Year,
            ContributionReport.Giver => Giver.Id ?? Giver.Description,
            ContributionReport.Receiver => Receiver.Id ?? Receiver.Description,
            Group => GroupId,
            _ => SumUnit.Currency,
        };
    }
}
