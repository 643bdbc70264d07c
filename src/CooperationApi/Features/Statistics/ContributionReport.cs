using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Statistics;

/// <summary>The report `/v1/statistics/contributions`: sums of contributions.</summary>
internal sealed class ContributionReport(Resource results) : StatisticsReport("contributions", "Get contribution statistics.",
    "Returns sums of contributions by year, giver, receiver, currency or group. Rows are always separate per `currency` and `unit`: the "
    + "service never adds different currencies, or goods and money. If contributions are linked as probably the same (`probablySameAs`), "
    + "only the most exact one counts, and of a whole and its parts (`partOf`) only the whole; `excluded` lists the others with the "
    + "reason. A sum that includes an approximate or bounded value is marked `approximate`, `atLeast` or `atMost`. A contribution over "
    + "several years counts in its first year, and one without a date in the year of the meeting at which it was given "
    + "(`datedByMeeting`). With `by=group`, a contribution in several groups counts in each of their rows. `inSeveralRows` is the number "
    + "of contributions in more than one row; "
    + "do not add up rows that share contributions.")
{
    private const string Year = "year", Giver = "giver", Receiver = "receiver", Currency = "currency", Group = "group";

    // The keys of the rows are copies of this row, with the same list of ids, so that equal keys are equal records.
    private static readonly ContributionRow EmptyRow = new() { Count = 0, Ids = [] };

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
        Excluded = [],
        Revision = 203,
    };

    public override async Task<object> Compute(DbConnection connection, StatisticsQuery query, long revision)
    {
        var filterSql =
            query.Filters.Count == 0 ? "" : $"WHERE contribution.row_id IN (SELECT result.row_id FROM result {query.WhereClause})";
        var groupIdsByResult = query.GroupBy.Contains(Group) ? await ReadGroupIds(connection) : null;
        // Unbuffered, so that all contributions are never in memory at once and cancellation interrupts the loop.
        var contributions = connection.StreamAsync<ContributionRecord>(
            $"""
            WITH RECURSIVE {ContributionRecord.ClustersSql}
            SELECT {ContributionRecord.ColumnsSql} FROM {ContributionRecord.FromSql}
            {filterSql}
            ORDER BY contribution.id
            """, query.SqlParameters);
        var totals = new Dictionary<ContributionRow, ContributionTotal>();
        var excluded = new List<ExcludedContribution>();
        var (contributionCount, multiRowCount) = (0, 0);
        await foreach (var contribution in contributions)
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
                    totals[key] = total = new(new(key.Currency, key.Unit));
                total.Add(contribution);
            }
            (contributionCount, multiRowCount) = (contributionCount + 1, keys.Count > 1 ? multiRowCount + 1 : multiRowCount);
        }
        return new ContributionStatistics
        {
            By = query.GroupBy,
            Items = [.. SortKeys(EnsureNotTooMany([.. totals.Keys]), query.GroupBy).Select(key => totals[key].ApplyTo(key) with
            {
                DatedByMeeting =
                    key.Year is not null && totals[key].DatedByMeetingCount is > 0 and var datedByMeeting ? datedByMeeting : null,
            })],
            Contributions = contributionCount,
            InSeveralRows = multiRowCount,
            Excluded = EnsureNotTooMany(excluded),
            Revision = revision,
        };
    }

    private static async Task<ILookup<string, string?>> ReadGroupIds(DbConnection connection) =>
        (await connection.QueryAsync<(string Id, string? GroupId)>(
            """
            SELECT result.id, cooperation_group.id
            FROM cooperation_group JOIN reference ON reference.target_row_id = cooperation_group.row_id JOIN result
            ON result.row_id = reference.row_id
            WHERE reference.member_id IN (SELECT member.member_id FROM member WHERE member.type = 'results')
            """))
        .ToLookup(pair => pair.Id, pair => pair.GroupId);

    /// <summary>Returns the rows, without sums, in which a contribution counts.</summary>
    private static List<ContributionRow> GetRowKeys(ContributionRecord contribution, IReadOnlyList<string> groupBy,
        ILookup<string, string?>? groupIdsByResult)
    {
        var (giverId, giver) = groupBy.Contains(Giver) ? GetParty(contribution.GiverId, contribution.Giver) : default;
        var (receiverId, receiver) = groupBy.Contains(Receiver) ? GetParty(contribution.ReceiverId, contribution.Receiver) : default;
        var key = EmptyRow with
        {
            Year = groupBy.Contains(Year) ? contribution.Year : null,
            GiverId = giverId,
            Giver = giver,
            ReceiverId = receiverId,
            Receiver = receiver,
        };
        var groupIds = groupIdsByResult is null ? [null] : groupIdsByResult[contribution.Id].DefaultIfEmpty();
        return [.. from groupId in groupIds
            from sumUnit in contribution.GetSumUnits()
            select key with { GroupId = groupId, Currency = sumUnit.Currency, Unit = sumUnit.Unit }];
    }

    /// <summary>Returns the id of the record of a giver or receiver, or the description if there is no record.</summary>
    private static (string? Id, string? Description) GetParty(string id, string description) =>
        id != "" ? (id, null) : (null, description == "" ? null : description);

    private static IEnumerable<ContributionRow> SortKeys(IEnumerable<ContributionRow> keys, IReadOnlyList<string> groupBy) =>
        keys.OrderBy(key => string.Join('\n', [.. groupBy.Select(column => GetText(key, column)), key.Currency, key.Unit]),
            StringComparer.Ordinal);

    private static string? GetText(ContributionRow key, string column) => column switch
    {
        Year => key.Year?.ToString(CultureInfo.InvariantCulture),
        Giver => key.GiverId ?? key.Giver,
        Receiver => key.ReceiverId ?? key.Receiver,
        Group => key.GroupId,
        _ => key.Currency,
    };
}
