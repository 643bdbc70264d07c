using System.Text;
using CooperationApi.Bench;
using Dapper;

namespace CooperationApi.CrashTests;

/// <summary>Verifies a store against the acknowledged writes.</summary>
internal static class AcknowledgedWrites
{
    /// <summary>
    /// Verifies that the store is intact and has the same epoch, that revisions are gapless from 1 to the head, that the change of each
    /// acknowledged write has its revision and content, and that records and search index are up to date.
    /// </summary>
    public static void Verify(TrialStore store, string epoch, IReadOnlyCollection<AcknowledgedWrite> acknowledged)
    {
        // One snapshot for all queries below.
        using var snapshot = store.OpenSnapshot();
        var (count, first, last, head, currentEpoch) = snapshot.QuerySingle<(long, long, long, long, string)>(
            """
            SELECT count(*), min(revision), max(revision), (SELECT head FROM store_version), (SELECT epoch FROM store_version)
            FROM change
            """);
        Ensure(currentEpoch == epoch, "The epoch changed: the store was taken for a restored backup.");
        Ensure((first, last, head) == (1, count, count), $"{count} changes have revisions {first} to {last}; the head is {head}.");
        Ensure(acknowledged.Select(write => write.Revision).Distinct().Count() == acknowledged.Count, "A revision was assigned twice.");
        var versions = snapshot.Query<(long Revision, string Id, byte[] Body)>(
            "SELECT revision, id, CAST(body AS BLOB) FROM record_version WHERE op = 'upsert'").ToDictionary(version => version.Revision);
        foreach (var (id, revision, name) in acknowledged)
        {
            var body = versions.TryGetValue(revision, out var version) ? Encoding.UTF8.GetString(version.Body) : "";
            Ensure(version.Id == id && body.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal),
                $"The write of {id} was acknowledged as revision {revision}, which is '{version.Id}': {body}");
        }
        var lost = snapshot.Query<string>(
            """
            SELECT change.id FROM change LEFT JOIN record ON record.type = change.type AND record.id = change.id
            AND record.revision >= change.revision
            WHERE record.row_id IS NULL AND change.op = 'upsert'
            """).AsList();
        Ensure(lost.Count == 0, $"{lost.Count} records are missing or older than their last change: {lost.FirstOrDefault()}");
        var unindexed = snapshot.QuerySingle<long>(
            """
            SELECT count(*) FROM record WHERE row_id NOT IN (SELECT row_id FROM search_document)
            OR row_id NOT IN (SELECT rowid FROM search_index)
            """);
        Ensure(unindexed == 0, $"{unindexed} records are missing in the search index.");
    }

    public static void Ensure(bool condition, string message)
    {
        if (!condition)
            throw new MeasurementException(message);
    }
}
