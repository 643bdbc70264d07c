using CooperationApi.Bench;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.CrashTests;

/// <summary>Verifies a store file against the acknowledged writes.</summary>
internal static class AcknowledgedWrites
{
    /// <summary>
    /// Verifies that the file is intact, that revisions are gapless from 1 to the head, that the change of each acknowledged write has its
    /// revision and content, and that records and search index are up to date.
    /// </summary>
    public static void Verify(string storePath, IReadOnlyCollection<AcknowledgedWrite> acknowledged)
    {
        using var connection = new SqliteConnection($"Data Source={storePath};Mode=ReadOnly;Pooling=false");
        var integrity = connection.QuerySingle<string>("PRAGMA integrity_check(1)");
        Ensure(integrity == "ok", $"The database is damaged: {integrity}");
        // One snapshot for all queries below.
        connection.Open();
        using var snapshot = connection.BeginTransaction(deferred: true);
        var (count, first, last,
            head) = connection.QuerySingle<(long, long, long, long)>(
                "SELECT count(*), min(revision), max(revision), (SELECT head FROM store_version) FROM change");
        Ensure((first, last, head) == (1, count, count), $"{count} changes have revisions {first} to {last}; the head is {head}.");
        Ensure(acknowledged.Select(write => write.Revision).Distinct().Count() == acknowledged.Count, "A revision was assigned twice.");
        foreach (var (id, revision, name) in acknowledged)
        {
            var (changedId,
                body) = connection.QuerySingleOrDefault<(string, string)>("SELECT id, body FROM record_version WHERE revision = @revision",
                    new { revision });
            Ensure(changedId == id && body.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal),
                $"The write of {id} was acknowledged as revision {revision}, which is '{changedId}': {body}");
        }
        var lost = connection.Query<string>(
            """
            SELECT change.id FROM change LEFT JOIN record ON record.type = change.type AND record.id = change.id
            AND record.revision >= change.revision
            WHERE record.row_id IS NULL AND change.op = 'upsert'
            """).AsList();
        Ensure(lost.Count == 0, $"{lost.Count} records are missing or older than their last change: {lost.FirstOrDefault()}");
        var unindexed =
            connection.QuerySingle<long>("SELECT count(*) FROM record WHERE row_id NOT IN (SELECT row_id FROM search_document)");
        Ensure(unindexed == 0, $"{unindexed} records are missing in the search index.");
    }

    /// <summary>Reads the store's epoch.</summary>
    public static string ReadEpoch(string storePath)
    {
        using var connection = new SqliteConnection($"Data Source={storePath};Mode=ReadOnly;Pooling=false");
        return connection.QuerySingle<string>("SELECT epoch FROM store_version");
    }

    public static void Ensure(bool condition, string message)
    {
        if (!condition)
            throw new MeasurementException(message);
    }
}
