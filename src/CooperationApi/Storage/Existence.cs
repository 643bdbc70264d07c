using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// Finds records that tell of something that happened when a province that they name was not there: it had ended, or had not begun. What is only told at
/// the end of the transaction, since the province may change in it too.
/// </summary>
internal sealed class Existence(DbConnection connection, CompiledStatements statements, Misfits misfits)
{
    // The list of provinces begins on this day; those that it begins with were there before.
    private const string Always = "2008-08-01";

    private const string NotThere =
        $"""
        SELECT link.number, record.type, record.id, member.name AS member, link.ordinal, province.id AS province, link.happened_on, province.valid_from, province.valid_to
        FROM link JOIN province ON province.number = link.to_number JOIN record ON record.number = link.number JOIN member ON member.number = link.member
        WHERE link.happened_on >= '0'
        AND (link.happened_on > substr(province.valid_to, 1, length(link.happened_on))
            OR link.happened_on < substr(province.valid_from, 1, length(link.happened_on)) AND province.valid_from > '{Always}')
        """;

    private readonly CompiledStatement find = statements.Of("SELECT valid_from, valid_to FROM province WHERE number = @province");
    private readonly Dictionary<long, (string From, string To)> known = [];
    private readonly HashSet<long> changed = [], suspects = [];

    /// <summary>That a province is to be another than it was.</summary>
    public void Changed(long province)
    {
        known.Remove(province);
        changed.Add(province);
    }

    /// <summary>Looks whether a province was there when something happened, on a day or in a month or year.</summary>
    public void Check(long record, long province, string happenedOn)
    {
        // A day of no known year happened in none.
        if (happenedOn is not [>= '0' and <= '9', ..])
            return;
        if (!known.TryGetValue(province, out var there))
        {
            there = find.First(row => (row.Text(0), row.Text(1)), province);
            // Where all is derived anew, the province's turn may be yet to come.
            if (there.From is null)
                return;
            known[province] = there;
        }
        var (from, to) = (Cut(there.From), Cut(there.To));
        var wasThere = string.CompareOrdinal(happenedOn, to) <= 0 && (there.From == Always || string.CompareOrdinal(happenedOn, from) >= 0);
        if (!wasThere && suspects.Count < Misfits.MostTold)
            suspects.Add(record);

        string Cut(string day) => day[..Math.Min(day.Length, happenedOn.Length)];
    }

    /// <summary>Tells what was found.</summary>
    public async Task Close()
    {
        foreach (var record in suspects)
            Tell(await Find($"{NotThere} AND link.number = @number", record));
        foreach (var province in changed)
            Tell((await Find($"{NotThere} AND link.to_number = @number", province)).Where(found => !suspects.Contains(found.Number)));
    }

    private Task<IEnumerable<Found>> Find(string sql, long number) => connection.QueryAsync<Found>(sql, new { number });

    private void Tell(IEnumerable<Found> found)
    {
        foreach (var one in found)
        {
            misfits.Add(new("province_not_there", one.Type, one.Id, new Naming(one.Type, one.Id, one.Member, one.Ordinal).Place,
                one.Province, one.HappenedOn, one.ValidFrom, one.ValidTo));
        }
    }

    /// <summary>That a record names a province which was not there at the time.</summary>
    private sealed record Found
    {
        public required long Number { get; init; }

        public required string Type { get; init; }

        public required string Id { get; init; }

        public required string Member { get; init; }

        public required int Ordinal { get; init; }

        public required string Province { get; init; }

        public required string HappenedOn { get; init; }

        public required string ValidFrom { get; init; }

        public required string ValidTo { get; init; }
    }
}
