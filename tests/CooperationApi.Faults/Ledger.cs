using CooperationApi.Bench;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Faults;

/// <summary>Holds a store's file against what was acknowledged.</summary>
internal static class Ledger
{
    /// <summary>Checks that the file is sound, that its numbers have neither gap nor end before the head, and that each acknowledged write stands at its number.</summary>
    public static void Check(string store, IReadOnlyCollection<Acknowledged> acknowledged)
    {
        using var connection = new SqliteConnection($"Data Source={store};Mode=ReadOnly;Pooling=false");
        var integrity = connection.QuerySingle<string>("PRAGMA integrity_check(1)");
        Demand(integrity == "ok", $"The file is damaged: {integrity}");
        // One state for all that follows.
        connection.Open();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var (count, first, last, head) = connection.QuerySingle<(long, long, long, long)>("SELECT count(*), min(seq), max(seq), (SELECT head FROM feed) FROM change");
        Demand((first, last, head) == (1, count, count), $"{count} changes have the numbers {first} to {last}; the head is {head}.");
        Demand(acknowledged.Select(write => write.Revision).Distinct().Count() == acknowledged.Count, "A number was given out twice.");
        foreach (var (id, revision, name) in acknowledged)
        {
            var (changed, body) = connection.QuerySingleOrDefault<(string, string)>("SELECT id, body FROM state WHERE seq = @revision", new { revision });
            Demand(changed == id && body.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal), $"The write of {id} was acknowledged as number {revision}, which is '{changed}': {body}");
        }
        var lost = connection.Query<string>(
            """
            SELECT change.id FROM change LEFT JOIN record ON record.type = change.type AND record.id = change.id AND record.revision >= change.seq
            WHERE record.number IS NULL AND change.op = 'upsert'
            """).AsList();
        Demand(lost.Count == 0, $"{lost.Count} records are older than their last change: {lost.FirstOrDefault()}");
        var unfound = connection.QuerySingle<long>("SELECT count(*) FROM record WHERE number NOT IN (SELECT number FROM search_row)");
        Demand(unfound == 0, $"{unfound} records are not in search.");
    }

    /// <summary>The life that the store is in.</summary>
    public static string Epoch(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Mode=ReadOnly;Pooling=false");
        return connection.QuerySingle<string>("SELECT epoch FROM feed");
    }

    public static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new MeasurementException(otherwise);
    }
}
