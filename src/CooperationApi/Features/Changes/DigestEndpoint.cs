using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Resources.Filters;
using CooperationApi.Storage;

namespace CooperationApi.Features.Changes;

/// <summary>The route `/v1/mirror/digest`, by which a client verifies a copy and locates a difference with two requests.</summary>
internal sealed class DigestEndpoint(Database database, DigestCalculator calculator, ResourceCatalog catalog)
{
    private readonly EnumFilter typesFilter = new("types", "Only records of these types.", "meetings", new("", ""), catalog.Types);

    private static readonly BucketParameter Bucket = new();

    private IReadOnlyList<QueryParameter> Parameters => field ??= [typesFilter, Bucket];

    /// <summary>Describes the route.</summary>
    public OperationDescription Describe() => new("getMirrorDigest", "mirror", "Get the digests of the data set.",
        "Returns the number of records and one digest per type, for comparison with a copy of the data set. Equal digests prove equal "
        + "records, byte for byte. If a digest differs, the digests of the 256 buckets locate the difference: compare the buckets, then "
        + "request a bucket that differs with `bucket`. The response lists the records of this bucket with their revisions and hashes. "
        + "The description of each `digest` member defines the computation of the digest. The computation needs only the data of the feed "
        + "or of an export.")
    {
        ResponseType = typeof(MirrorDigest),
        Example = ("MirrorDigest", CreateExample),
        ComponentPrefix = "mirror",
        GetParameters = () => Parameters,
    };

    /// <summary>Returns the digests of the types, and the records of a bucket.</summary>
    public async Task<ReadResponse> GetDigest(HttpContext context)
    {
        var version = database.Version;
        var values = QueryValues.Parse(context.Request, Parameters);
        var (appliedTypes, bucket) = (typesFilter.Read(values), Bucket.Read(values));
        values.ThrowIfInvalid();
        if (ReadResponse.NotModifiedIfMatches(context.Request, $"{version.Epoch}-{version.Revision}") is { } notModified)
            return notModified;
        var digest = await calculator.Compute(appliedTypes?.Texts ?? [], bucket, context.RequestAborted);
        return ReadResponse.FromJson($"{digest.Epoch}-{digest.Revision}", digest);
    }

    private static JsonNode? CreateExample() => JsonSerializer.SerializeToNode(new MirrorDigest
    {
        Epoch = "5f0c2b9a41d7",
        Revision = 638,
        Types = [new() { Type = "meetings", Rows = 30, Digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" }],
        Buckets = [new() { Bucket = "00", Rows = 0, Digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }],
    }, ApiJson.Options);
}
