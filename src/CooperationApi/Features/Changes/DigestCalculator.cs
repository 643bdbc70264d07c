using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Changes;

/// <summary>Computes the digests of the data set from the ids, revisions and hashes of all records at one revision.</summary>
internal sealed class DigestCalculator(Database database, ResourceCatalog catalog)
{
    // In the order of the covering index.
    private const string RecordsSql = "SELECT id, revision, hash FROM record WHERE type = @type ORDER BY id";

    /// <summary>
    /// Computes the digests of some types, or of all types if the list is empty. With a bucket, computes its digest and lists its records.
    /// </summary>
    public Task<MirrorDigest> Compute(IReadOnlyList<string> types, int? bucket, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var version = await Database.ReadVersion(connection);
            var requestedTypes = catalog.Types.Where(type => types.Count == 0 || types.Contains(type));
            using var digest = bucket is null ? DigestBuilder.ForTypesAndBuckets() : DigestBuilder.ForBucket(bucket.Value);
            await AddRecords(digest, connection, requestedTypes, cancel);
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
    public async Task<IReadOnlyList<TypeDigest>> ComputeTypeDigests(DbConnection connection, CancellationToken cancel)
    {
        using var digest = DigestBuilder.ForTypes();
        await AddRecords(digest, connection, catalog.Types, cancel);
        return digest.CompleteTypes();
    }

    private static async Task AddRecords(DigestBuilder digest, DbConnection connection, IEnumerable<string> types,
        CancellationToken cancel)
    {
        var (id, hash) = (new byte[Limits.MaxSlugLength], new byte[2 * SHA256.HashSizeInBytes]);
        foreach (var type in types.Order(StringComparer.Ordinal))
        {
            digest.BeginType(type);
            await using var rows = await connection.ExecuteReaderAsync(RecordsSql, new { type });
            while (await rows.ReadAsync(cancel))
            {
                digest.Add(id.AsSpan(0, Encoding.UTF8.GetBytes(rows.GetString(0), id)), rows.GetInt64(1),
                    hash.AsSpan(0, Encoding.UTF8.GetBytes(rows.GetString(2), hash)));
            }
        }
    }
}
