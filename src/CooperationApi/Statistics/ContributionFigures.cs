using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Dapper;

namespace CooperationApi.Statistics;

/// <summary>`/v1/statistics/contributions`: what was given, added up as far as it can be.</summary>
internal sealed class ContributionFigures(Resource results) : Figures("contributions", "Adds up contributions.",
    "What was given, by year, giver, receiver, currency or group. Currencies are never added to each other, nor things to money: rows are always told apart by "
    + "`currency` and `unit` too. Of contributions linked as probably the same the exact one counts, and the others stand in `leftOut` with the reason. What is "
    + "only about right, at least or at most makes a sum that says so. What began in a year counts in that year. By `group`, a contribution in several groups "
    + "counts in each, and `inSeveralRows` says how many do: such rows must not be added up.")
{
    private const string Year = "year", Giver = "giver", Receiver = "receiver", Currency = "currency", Group = "group";

    /// <summary>What rows can be told apart by.</summary>
    public static readonly IReadOnlyList<string> Words = [Year, Giver, Receiver, Currency, Group];

    public override ByParameter By { get; } = new(Words, Year, Currency);

    public override IReadOnlyList<Filter> Filters { get; } = FiltersOf(results, "provinceId", "from", "to");

    protected override ContributionStatistics Example => new()
    {
        By = By.Usual,
        Items =
        [
            new() { Year = 2015, Currency = "VND", Amount = 2_000_000_000, Count = 1, Ids = ["ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong"] },
            new() { Year = 2019, Unit = "con bò giống", Quantity = 100, Count = 1, Ids = ["ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong"] },
        ],
        Contributions = 2,
        InSeveralRows = 0,
        LeftOut =
        [
            new()
            {
                Id = "ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong",
                CountedId = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong",
                Reason = LeftOutReason.LessExact,
                Currency = "VND",
                Amount = 3_800_000_000,
            },
        ],
        Revision = 203,
    };

    public override async Task<object> Read(DbConnection connection, FiguresQuery query, long revision)
    {
        var asked = query.Conditions.Count == 0 ? "" : $"WHERE contribution.number IN (SELECT result.number FROM result {query.Where})";
        var parts = await connection.QueryAsync<Contribution>(
            $"""
            WITH RECURSIVE {Contribution.Clusters}
            SELECT {Contribution.Columns} FROM {Contribution.From}
            {asked}
            ORDER BY contribution.id
            """, query.Values);
        var groups = query.By.Contains(Group) ? await Groups(connection) : null;
        var tallies = new Dictionary<Key, Tally>();
        var leftOut = new List<LeftOut>();
        var (counted, several) = (0, 0);
        foreach (var part in parts)
        {
            if (part.CountedId != part.Id)
            {
                leftOut.Add(part.LeftOut);
                continue;
            }
            var keys = Keys(part, query.By, groups);
            foreach (var key in keys)
            {
                if (!tallies.TryGetValue(key, out var tally))
                    tallies[key] = tally = new(key.Measure);
                tally.Add(part);
            }
            (counted, several) = (counted + 1, keys.Count > 1 ? several + 1 : several);
        }
        return new ContributionStatistics
        {
            By = query.By,
            Items = Checked([.. InOrder(tallies.Keys, query.By).Select(key => tallies[key].Into(key.Row))]),
            Contributions = counted,
            InSeveralRows = several,
            LeftOut = Checked(leftOut),
            Revision = revision,
        };
    }

    private static async Task<ILookup<string, string>> Groups(DbConnection connection) =>
        (await connection.QueryAsync<(string Id, string GroupId)>(
            """
            SELECT result.id, cooperation_group.id
            FROM cooperation_group JOIN link ON link.to_number = cooperation_group.number JOIN result ON result.number = link.number
            WHERE link.member IN (SELECT member.number FROM member WHERE member.type = 'results')
            """))
        .ToLookup(pair => pair.Id, pair => pair.GroupId);

    /// <summary>The rows that a contribution counts in.</summary>
    private static List<Key> Keys(Contribution part, IReadOnlyList<string> by, ILookup<string, string>? groups)
    {
        var key = new Key
        {
            Year = by.Contains(Year) ? part.Year : "",
            Giver = by.Contains(Giver) ? Party.Of(part.GiverId, part.Giver) : default,
            Receiver = by.Contains(Receiver) ? Party.Of(part.ReceiverId, part.Receiver) : default,
        };
        var groupIds = groups is null ? [""] : groups[part.Id].DefaultIfEmpty("");
        return [.. groupIds.SelectMany(groupId => part.Measures().Select(measure => key with { GroupId = groupId, Measure = measure }))];
    }

    private static IEnumerable<Key> InOrder(IEnumerable<Key> keys, IReadOnlyList<string> by) =>
        keys.OrderBy(key => string.Join('\n', by.Select(key.Text).Append(key.Measure.Currency).Append(key.Measure.Unit)), StringComparer.Ordinal);

    /// <summary>Who gave or received: a record, or words where there is none.</summary>
    private readonly record struct Party(string? Id, string? Words)
    {
        public static Party Of(string id, string words) => id != "" ? new(id, null) : words != "" ? new(null, words) : default;
    }

    /// <summary>What tells one row from the others.</summary>
    private readonly record struct Key
    {
        public required string Year { get; init; }

        public required Party Giver { get; init; }

        public required Party Receiver { get; init; }

        public string GroupId { get; init; }

        public Measure Measure { get; init; }

        /// <summary>The row, as yet without a sum.</summary>
        public ContributionRow Row => new()
        {
            Year = Year == "" ? null : int.Parse(Year, CultureInfo.InvariantCulture),
            GiverId = Giver.Id,
            Giver = Giver.Words,
            ReceiverId = Receiver.Id,
            Receiver = Receiver.Words,
            GroupId = GroupId == "" ? null : GroupId,
            Count = 0,
            Ids = [],
        };

        public string? Text(string word) => word switch
        {
            ContributionFigures.Year => Year,
            ContributionFigures.Giver => Giver.Id ?? Giver.Words,
            ContributionFigures.Receiver => Receiver.Id ?? Receiver.Words,
            Group => GroupId,
            _ => Measure.Currency,
        };
    }
}
