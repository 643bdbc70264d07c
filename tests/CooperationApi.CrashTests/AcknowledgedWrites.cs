using CooperationApi.Bench;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.CrashTests;

/// <summary>Holds a store's file against what was acknowledged.</summary>
internal static class AcknowledgedWrites
{
    /// <summary>Checks that the file is sound, that its numbers have neither gap nor end before the head, and that each acknowledged write stands at its number.</summary>
    public static void Verify(string storePath, IReadOnlyCollection<AcknowledgedWrite> acknowledged)
    {
        using var connection = new SqliteConnection($"Data Source={storePath};Mode=ReadOnly;Pooling=false");
        var integrity = connection.QuerySingle<string>("PRAGMA integrity_check(1)");
        Ensure(integrity == "ok", $"The file is damaged: {integrity}");
        // One state for all that follows.
        connection.Open();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var (count, first, last, head) = connection.QuerySingle<(long, long, long, long)>("SELECT count(*), min(seq), max(seq), (SELECT head FROM feed) FROM change");
        Ensure((first, last, head) == (1, count, count), $"{count} changes have the numbers {first} to {last}; the head is {head}.");
        Ensure(acknowledged.Select(write => write.Revision).Distinct().Count() == acknowledged.Count, "A number was given out twice.");
        foreach (var (id, revision, name) in acknowledged)
        {
            var (changedId, body) = connection.QuerySingleOrDefault<(string, string)>("SELECT id, body FROM state WHERE seq = @revision", new { revision });
            Ensure(changedId == id && body.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal), $"The write of {id} was acknowledged as number {revision}, which is '{changedId}': {body}");
        }
        var lost = connection.Query<string>(
            """
            SELECT change.id FROM change LEFT JOIN record ON record.type = change.type AND record.id = change.id AND record.revision >= change.seq
            WHERE record.number IS NULL AND change.op = 'upsert'
            """).AsList();
        Ensure(lost.Count == 0, $"{lost.Count} records are older than their last change: {lost.FirstOrDefault()}");
        var unindexed = connection.QuerySingle<long>("SELECT count(*) FROM record WHERE number NOT IN (SELECT number FROM search_row)");
        Ensure(unindexed == 0, $"{unindexed} records are not in search.");
    }

    /// <summary>The life that the store is in.</summary>
    public static string ReadEpoch(string storePath)
    {
        using var connection = new SqliteConnection($"Data Source={storePath};Mode=ReadOnly;Pooling=false");
        return connection.QuerySingle<string>("SELECT epoch FROM feed");
    }

    public static void Ensure(bool condition, string message)
    {
        if (!condition)
            throw new MeasurementException(message);
    }
}
