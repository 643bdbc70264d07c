using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CooperationApi.Features.Changes;

/// <summary>Computes the digests of the data set from the ids, revisions and hashes of all records at one revision.</summary>
internal sealed class DigestCalculator(Database database, ResourceCatalog catalog)
{
    // In the order of the covering index.
    private const string RecordsSql = "SELECT id, revision, hash FROM record WHERE type = ? ORDER BY id";

    /// <summary>
    /// Computes the digests of some types, or of all types if the list is empty. With a bucket, computes its digest and lists its records.
    /// </summary>
    public Task<MirrorDigest> Compute(IReadOnlyList<string> types, int? bucket, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var version = await Database.ReadVersion(connection);
            var requestedTypes = catalog.Types.Where(type => types.Count == 0 || types.Contains(type));
            using var digest = bucket is null ? DigestBuilder.ForTypesAndBuckets() : DigestBuilder.ForBucket(bucket.Value);
            AddRecords(digest, (SqliteConnection)connection, requestedTypes, cancel);
            return new MirrorDigest
            {
                Epoch = version.Epoch,
                Revision = version.Revision,
                Types = [.. requestedTypes.Join(digest.CompleteTypes(), type => type, result => result.Type, (_, result) => result)],
                Buckets = digest.CompleteBuckets(),
                Rows = digest.BucketRecords,
            };
        }, cancel);

    /// <summary>Computes the type digests of another database that has the ids, revisions and hashes in a table `record`.</summary>
    public IReadOnlyList<TypeDigest> ComputeTypeDigests(SqliteConnection connection, CancellationToken cancel)
    {
        using var digest = DigestBuilder.ForTypes();
        AddRecords(digest, connection, catalog.Types, cancel);
        return digest.CompleteTypes();
    }

    private static void AddRecords(DigestBuilder digest, SqliteConnection connection, IEnumerable<string> types, CancellationToken cancel)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, RecordsSql, out var statement), connection.Handle);
        using (statement)
        {
            foreach (var type in types.Order(StringComparer.Ordinal))
            {
                digest.BeginType(type);
                SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(statement, 1, type), connection.Handle);
                int resultCode;
                for (var count = 0; (resultCode = raw.sqlite3_step(statement)) == raw.SQLITE_ROW; count++)
                {
                    // As bytes in the memory of SQLite, without a string per value.
                    var id = raw.sqlite3_column_blob(statement, 0);
                    digest.Add(id, raw.sqlite3_column_int64(statement, 1), raw.sqlite3_column_blob(statement, 2));
                    if (count % 4096 == 0)
                        cancel.ThrowIfCancellationRequested();
                }
                if (resultCode != raw.SQLITE_DONE)
                    SqliteException.ThrowExceptionForRC(resultCode, connection.Handle);
                raw.sqlite3_reset(statement);
            }
        }
    }
}
