using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Keys;

/// <summary>The rules of a key that is to be made.</summary>
internal sealed class NewKeyRules : AbstractValidator<NewKey>
{
    public NewKeyRules()
    {
        RuleFor(key => key.Name).Text(100);
        RuleFor(key => key.Name).Must(name => !name.Contains('\n', StringComparison.Ordinal)).Saying("invalid_characters");
        this.Slugs(key => key.ProvinceIds);
        RuleFor(key => key.ProvinceIds).Must((key, ids) => ids.Count == 0 || key.Role == Role.Editor).Saying("provinces_of_editors_only");
        RuleFor(key => key.ExpiresAt).Matching(Moment.Pattern, Moment.MaxLength);
    }
}

/// <summary>The rules of a rotation.</summary>
internal sealed class KeyRotationRules : AbstractValidator<KeyRotation>
{
    /// <summary>The longest time for which two keys of one holder work.</summary>
    public const int MostDays = 90;

    public KeyRotationRules() => RuleFor(rotation => rotation.OverlapDays).Number(0, MostDays);
}
