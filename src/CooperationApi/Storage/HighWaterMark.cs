using System.Data.Common;
using System.Globalization;
using Dapper;

namespace CooperationApi.Storage;

/// <summary>
/// A position in the change feed: epoch and head, with the revision and hashes of the last change. The hash of a missing body is `-`.
/// </summary>
internal sealed record HighWaterMark(string Epoch, long Head, long ChangeRevision, string ChangeHash, string BodyHash)
{
    private const string ChangesSql =
        "SELECT revision, epoch, transaction_start, type, id, op, reason, merged_into, changed_at, actor, body FROM record_version";

    private static readonly HighWaterMark Empty = new("", 0, 0, "-", "-");

    /// <summary>Reads the current position in the transaction of a connection.</summary>
    public static async Task<HighWaterMark> ReadFrom(DbConnection connection)
    {
        var version = await Database.ReadVersion(connection);
        var lastChange = await FindChange(connection, $"{ChangesSql} ORDER BY revision DESC LIMIT 1", 0) ?? Empty;
        return lastChange with { Epoch = version.Epoch, Head = version.Revision };
    }

    /// <summary>
    /// True if the store has the same epoch and contains the last acknowledged change. With <paramref name="hasOtherInstances"/>, another
    /// instance may have begun a later epoch, and may have compacted the feed up to a later change.
    /// </summary>
    public async Task<bool> IsContainedIn(DbConnection connection, bool hasOtherInstances)
    {
        var version = await Database.ReadVersion(connection);
        if ((version.Epoch != Epoch && !hasOtherInstances) || version.Revision < Head)
            return false;
        if (hasOtherInstances && ChangeRevision <= version.CompactedThrough)
            return true;
        var found = ChangeRevision == 0 ? Empty : await FindChange(connection, $"{ChangesSql} WHERE revision = @revision", ChangeRevision);
        // The body may have been redacted since.
        return found is not null && found.ChangeHash == ChangeHash && (found.BodyHash == BodyHash || found.BodyHash == "-");
    }

    private static async Task<HighWaterMark?> FindChange(DbConnection connection, string sql, long revision)
    {
        await using var row = await connection.ExecuteReaderAsync(sql, new { revision });
        if (!await row.ReadAsync())
            return null;
        var bodyColumn = row.GetOrdinal("body");
        var changeText = string.Join('\n',
            Enumerable.Range(0, bodyColumn)
                .Select(column => row.IsDBNull(column) ? "" : Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture)));
        return new("", 0, row.GetInt64(0), RecordHash.Compute(changeText),
            row.IsDBNull(bodyColumn) ? "-" : RecordHash.Compute(row.GetFieldValue<byte[]>(bodyColumn)));
    }
}
