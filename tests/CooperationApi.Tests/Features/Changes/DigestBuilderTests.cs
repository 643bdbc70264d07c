using CooperationApi.Contracts;

namespace CooperationApi.Tests.Features.Changes;

/// <summary>Tests of the digests with the results of zlib and sha256sum.</summary>
public sealed class DigestBuilderTests
{
    private static readonly byte[] Hash = [.. Enumerable.Repeat((byte)'0', 64)];

    [Fact]
    public void Digests_equal_those_of_zlib_and_sha256sum()
    {
        using var digest = AddRecords(DigestBuilder.ForTypesAndBuckets());
        Assert.Equal(
        [
            ("meetings", 2, "793705bde5662203fdc4d9f75708cb8a34517d16da5a5effb172f70ca43a231b"),
            ("organizations", 1, "b2f69a0d973b6854045b72ad65ba3d633d9b4e9c24d87b3dbc7ef79a027708af"),
        ], digest.CompleteTypes().Select(type => (type.Type, type.Rows, type.Digest)));
        var buckets = digest.CompleteBuckets();
        Assert.Equal(Enumerable.Range(0, 256).Select(bucket => $"{bucket:x2}"), buckets.Select(bucket => bucket.Bucket));
        Assert.Equal([("19", 1), ("80", 2)], buckets.Where(bucket => bucket.Rows > 0).Select(bucket => (bucket.Bucket, bucket.Rows)));
        Assert.Equal("69dc51e0318ab13075495ecd89167c7f284e681c7bf59bf75a5495e393be4ade", buckets[0x80].Digest);
    }

    [Fact]
    public void Bucket_has_the_same_digest_alone_and_lists_its_records()
    {
        using var digest = AddRecords(DigestBuilder.ForBucket(0x80));
        Assert.Empty(digest.CompleteTypes());
        Assert.Equal("69dc51e0318ab13075495ecd89167c7f284e681c7bf59bf75a5495e393be4ade", Assert.Single(digest.CompleteBuckets()).Digest);
        Assert.Equal([("meetings", "a", 7), ("organizations", "n98", 12)],
            digest.BucketRecords!.Select(row => (row.Type, row.Id, row.Revision)));
    }

    private static DigestBuilder AddRecords(DigestBuilder digest)
    {
        digest.BeginType("meetings");
        digest.Add("a"u8, 7, Hash);
        digest.Add("b"u8, 1200, Hash);
        digest.BeginType("organizations");
        digest.Add("n98"u8, 12, Hash);
        return digest;
    }
}
