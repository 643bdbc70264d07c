using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Features.Changes;

/// <summary>The limits of <see cref="MirrorDigest"/> for the OpenAPI document.</summary>
internal sealed class MirrorDigestRules : AbstractValidator<MirrorDigest>
{
    public MirrorDigestRules()
    {
        RuleFor(digest => digest.Epoch).MatchesPattern("^[0-9a-f]+$", 64);
        RuleFor(digest => digest.Types).CountBetween(1, 100);
        RuleFor(digest => digest.Buckets).CountBetween(1, DigestCalculator.BucketCount);
        RuleFor(digest => digest.Rows!).CountBetween(0, 1_000_000);
    }
}

/// <summary>The limits of <see cref="TypeDigest"/> for the OpenAPI document.</summary>
internal sealed class TypeDigestRules : AbstractValidator<TypeDigest>
{
    public TypeDigestRules()
    {
        RuleFor(digest => digest.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(digest => digest.Digest).MatchesPattern(RecordDigestRules.HashPattern, 64);
    }
}

/// <summary>The limits of <see cref="BucketDigest"/> for the OpenAPI document.</summary>
internal sealed class BucketDigestRules : AbstractValidator<BucketDigest>
{
    public BucketDigestRules()
    {
        RuleFor(digest => digest.Bucket).MatchesPattern(BucketParameter.Pattern, 2);
        RuleFor(digest => digest.Digest).MatchesPattern(RecordDigestRules.HashPattern, 64);
    }
}

/// <summary>The limits of <see cref="RecordDigest"/> for the OpenAPI document.</summary>
internal sealed class RecordDigestRules : AbstractValidator<RecordDigest>
{
    public const string HashPattern = "^[0-9a-f]{64}$";

    public RecordDigestRules()
    {
        RuleFor(row => row.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(row => row.Id).Slug();
        RuleFor(row => row.Hash).MatchesPattern(HashPattern, 64);
    }
}
