using System.Text;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Features.ApiKeys;

/// <summary>The rules for a new API key.</summary>
internal sealed class NewKeyValidator : AbstractValidator<NewKey>
{
    public NewKeyValidator()
    {
        RuleFor(key => key.Name).Text(100);
        RuleFor(key => key.Name).Must(name => !name.Contains('\n', StringComparison.Ordinal))
            .WithCode("invalid_characters", name => [new Rune('\n'), name.IndexOf('\n', StringComparison.Ordinal) + 1]);
        this.RuleForSlugs(key => key.ProvinceIds, pattern: Patterns.ProvinceScope);
        RuleFor(key => key.ProvinceIds).Must((key, ids) => ids.Count == 0 || key.Role == Role.Editor).WithCode("provinces_not_applicable");
        RuleFor(key => key.ProvinceIds)
            .Must((key, ids) => key.Role != Role.Editor || ids is [Caller.AllProvinces]
                || ids.Count > 0 && !ids.Contains(Caller.AllProvinces))
            .WithCode("provinces_required");
        RuleFor(key => key.ExpiresAt).MatchesPattern(Rfc3339.Pattern, Rfc3339.MaxLength, Rfc3339.Example);
    }
}
