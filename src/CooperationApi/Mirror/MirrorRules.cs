using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Mirror;

/// <summary>What a copy must come to.</summary>
internal sealed class MirrorDigestRules : AbstractValidator<MirrorDigest>
{
    public MirrorDigestRules()
    {
        RuleFor(digest => digest.Epoch).Matching("^[0-9a-f]+$", 64);
        RuleFor(digest => digest.Types).Size(1, 100);
        RuleFor(digest => digest.Buckets).Size(1, MirrorDigests.Parts);
        RuleFor(digest => digest.Rows!).Size(0, 1_000_000);
    }
}

/// <summary>What the digest of a type is like.</summary>
internal sealed class TypeDigestRules : AbstractValidator<TypeDigest>
{
    public TypeDigestRules()
    {
        RuleFor(digest => digest.Type).Matching(Slug.Pattern, 50);
        RuleFor(digest => digest.Digest).Matching(MirrorRowRules.Hash, 64);
    }
}

/// <summary>What the digest of a part is like.</summary>
internal sealed class BucketDigestRules : AbstractValidator<BucketDigest>
{
    public BucketDigestRules()
    {
        RuleFor(digest => digest.Bucket).Matching(BucketParameter.Pattern, 2);
        RuleFor(digest => digest.Digest).Matching(MirrorRowRules.Hash, 64);
    }
}

/// <summary>What a record in a part is like.</summary>
internal sealed class MirrorRowRules : AbstractValidator<MirrorRow>
{
    public const string Hash = "^[0-9a-f]{64}$";

    public MirrorRowRules()
    {
        RuleFor(row => row.Type).Matching(Slug.Pattern, 50);
        RuleFor(row => row.Id).Slug();
        RuleFor(row => row.Hash).Matching(Hash, 64);
    }
}
