using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using FluentValidation;

namespace CooperationApi.Features.ApiKeys;

/// <summary>The rules for a key rotation.</summary>
internal sealed class KeyRotationValidator : AbstractValidator<KeyRotation>
{
    /// <summary>The maximum grace period, in days, during which the old and the new key work.</summary>
    public const int MaxGracePeriodDays = 90;

    public KeyRotationValidator() => RuleFor(rotation => rotation.GracePeriodDays).Number(0, MaxGracePeriodDays);
}
