using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>Keeps who names whom, in the transaction that changes it. A record may name one that only comes later in the same transaction.</summary>
internal sealed class Links(DbConnection connection, CompiledStatements statements, Existence existence, Misfits misfits)
{
    /// <summary>Those of whom the store keeps in order of time what they had a part in.</summary>
    private const string Provinces = "provinces";

    // So many numbers are remembered; then it begins anew rather than growing without end.
    private const int MostRemembered = 100_000;
    private const int OpenAtOnce = 1000, MostTold = 100;

    private readonly CompiledStatement find = statements.Of("SELECT number FROM record WHERE type = @type AND id = @id");
    private readonly CompiledStatement insert = statements.Of(
        "INSERT INTO link (number, member, ordinal, to_number, basis, happened_on) VALUES (@number, @member, @ordinal, @to, @basis, @happened_on)");
    // A record may name a province in more than one member.
    private readonly CompiledStatement happen = statements.Of(
        "INSERT INTO happening (number, province, type, happened_on, id) VALUES (@number, @province, @type, @happened_on, @id) ON CONFLICT DO NOTHING");
    // All that a record names had its part in what happened on the same day.
    private readonly CompiledStatement unhappen = statements.Of(
        """
        DELETE FROM happening
        WHERE province IN (SELECT to_number FROM link WHERE number = @number AND happened_on IS NOT NULL) AND type = @type AND id = @id
        AND happened_on = (SELECT happened_on FROM link WHERE number = @number AND happened_on IS NOT NULL LIMIT 1)
        """);
    private readonly CompiledStatement delete = statements.Of("DELETE FROM link WHERE number = @number");
    private readonly CompiledStatement leaveOpen = statements.Of(
        """
        INSERT INTO open_link (number, type, id, member, ordinal, to_type, to_id, basis, happened_on)
        VALUES (@number, @type, @id, @member, @ordinal, @to_type, @to_id, @basis, @happened_on)
        """);

    private readonly Dictionary<(string Type, string Name), long> members = [];
    private readonly Dictionary<(string Type, string Id), long> numbers = [];
    private bool areOpen;
    private long putOffBeyond = long.MaxValue;

    /// <summary>
    /// What the records beyond a number have a part in is put down when all are there, in its order. One by one in the order of records, each row goes to another
    /// place of a large table.
    /// </summary>
    public void PutOffBeyond(long number) => putOffBeyond = number;

    /// <summary>Puts down whom a record names, in place of whom it named before.</summary>
    public void Keep(long number, Changed changed, bool replacing)
    {
        if (replacing)
            Forget(number, changed);
        if (changed.Type == Provinces)
            existence.Changed(number);
        foreach (var reference in changed.References)
        {
            var named = new Named
            {
                Number = number,
                Type = changed.Type,
                Id = changed.Id,
                Member = reference.Member,
                Ordinal = reference.Ordinal,
                ToType = reference.ToType,
                ToId = reference.ToId,
                Basis = reference.Basis,
                HappenedOn = changed.HappenedOn,
            };
            // Which of several types is meant shows only when all records are in.
            if (!named.ToType.Contains('|', StringComparison.Ordinal) && NumberOf(named.ToType, named.ToId) is { } to)
                Put(named, named.ToType, to);
            else
                LeaveOpen(named);
        }
    }

    /// <summary>Puts down what was left open, and finds out which record names one that isn't there, or two that are.</summary>
    public async Task Close()
    {
        if (areOpen)
            await PutOpen();
        if (putOffBeyond < long.MaxValue)
        {
            statements.Of(
                """
                INSERT OR IGNORE INTO happening (province, type, happened_on, id, number)
                SELECT link.to_number, record.type, link.happened_on, record.id, link.number
                FROM link JOIN record ON record.number = link.number
                WHERE link.number > @number AND link.happened_on IS NOT NULL
                ORDER BY 1, 2, 3, 4
                """).Execute(putOffBeyond);
        }
    }

    private async Task PutOpen()
    {
        for (var done = 0L; ;)
        {
            var open = (await connection.QueryAsync<Named>(
                "SELECT place, number, type, id, member, ordinal, to_type, to_id, basis, happened_on FROM open_link WHERE place > @done ORDER BY place LIMIT @OpenAtOnce",
                new { done, OpenAtOnce })).AsList();
            foreach (var named in open)
            {
                var meant = named.ToType.Split('|').Select(type => (Type: type, Number: NumberOf(type, named.ToId))).Where(target => target.Number is not null).ToList();
                if (meant is [var (type, number)])
                    Put(named, type, number!.Value);
                else
                {
                    misfits.Add(new(meant.Count == 0 ? "unknown_reference" : "ambiguous_reference", named.Type, named.Id,
                        new Naming(named.Type, named.Id, named.Member, named.Ordinal).Place,
                        named.ToType.Replace("|", ", ", StringComparison.Ordinal), named.ToId));
                }
            }
            if (open.Count < OpenAtOnce)
                return;
            done = open[^1].Place;
        }
    }

    /// <summary>Forgets a record that is no longer to be.</summary>
    public void Remove(long number, Receipt gone)
    {
        Forget(number, gone);
        numbers.Remove((gone.Type, gone.Id));
    }

    /// <summary>Throws <see cref="StillReferencedException"/> if any record names the one that is gone.</summary>
    public async Task CheckUnnamed(long number, Receipt gone)
    {
        const string Naming = "FROM link JOIN member ON member.number = link.member JOIN record ON record.number = link.number WHERE link.to_number = @number";
        var count = await connection.QuerySingleAsync<long>($"SELECT count(*) {Naming}", new { number });
        if (count == 0)
            return;
        var some = await connection.QueryAsync<(string Type, string Id, string Member, int Ordinal)>(
            $"SELECT record.type, record.id, member.name, link.ordinal {Naming} ORDER BY link.member, link.number, link.ordinal LIMIT @MostTold", new { number, MostTold });
        throw new StillReferencedException(gone.Type, gone.Id,
            [.. some.Select(naming => new Naming(naming.Type, naming.Id, naming.Member, naming.Ordinal))], count);
    }

    private void Forget(long number, Receipt receipt)
    {
        unhappen.Execute(number, receipt.Type, receipt.Id);
        delete.Execute(number);
    }

    private void Put(Named named, string toType, long to)
    {
        var happenedOn = toType == Provinces ? named.HappenedOn : null;
        insert.Execute(named.Number, MemberOf(named.Type, named.Member), named.Ordinal, to, named.Basis, happenedOn);
        if (happenedOn is not null)
        {
            existence.Check(named.Number, to, happenedOn);
            if (named.Number <= putOffBeyond)
                happen.Execute(named.Number, to, named.Type, happenedOn, named.Id);
        }
    }

    private void LeaveOpen(Named named)
    {
        if (!areOpen)
        {
            connection.Execute(
                """
                DROP TABLE IF EXISTS open_link;
                CREATE TEMP TABLE open_link (place INTEGER PRIMARY KEY, number INTEGER, type TEXT, id TEXT, member TEXT, ordinal INTEGER,
                    to_type TEXT, to_id TEXT, basis TEXT, happened_on TEXT)
                """);
            areOpen = true;
        }
        leaveOpen.Execute(named.Number, named.Type, named.Id, named.Member, named.Ordinal, named.ToType, named.ToId, named.Basis, named.HappenedOn);
    }

    /// <summary>The number of a record; null if there is none.</summary>
    public long? NumberOf(string type, string id)
    {
        if (numbers.TryGetValue((type, id), out var known))
            return known;
        var number = find.First(row => (long?)row.Number(0), type, id);
        if (number is not null)
        {
            if (numbers.Count == MostRemembered)
                numbers.Clear();
            numbers[(type, id)] = number.Value;
        }
        return number;
    }

    private long MemberOf(string type, string name)
    {
        if (members.TryGetValue((type, name), out var known))
            return known;
        statements.Of("INSERT INTO member (type, name) VALUES (@type, @name) ON CONFLICT (type, name) DO NOTHING").Execute(type, name);
        return members[(type, name)] = statements.Of("SELECT number FROM member WHERE type = @type AND name = @name").First(row => row.Number(0), type, name);
    }

    /// <summary>That a record names another.</summary>
    private sealed record Named
    {
        public long Place { get; init; }

        public required long Number { get; init; }

        public required string Type { get; init; }

        public required string Id { get; init; }

        public required string Member { get; init; }

        public required int Ordinal { get; init; }

        public required string ToType { get; init; }

        public required string ToId { get; init; }

        public string? Basis { get; init; }

        public string? HappenedOn { get; init; }
    }
}
