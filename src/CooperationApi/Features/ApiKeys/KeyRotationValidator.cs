using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using FluentValidation;

namespace CooperationApi.Features.ApiKeys;

/// <summary>The rules of a rotation.</summary>
internal sealed class KeyRotationValidator : AbstractValidator<KeyRotation>
{
    /// <summary>The longest time for which two keys of one holder work.</summary>
    public const int MaxOverlapDays = 90;

    public KeyRotationValidator() => RuleFor(rotation => rotation.GracePeriodDays).Number(0, MaxOverlapDays);
}
