using CooperationApi.Contracts;
using FluentValidation;

namespace CooperationApi.Resources.Validation;

internal sealed class RecordReferenceValidator : AbstractValidator<RecordReference>
{
    public RecordReferenceValidator()
    {
        RuleFor(reference => reference.Type).MatchesPattern(Patterns.Slug, 50, "provinces");
        RuleFor(reference => reference.Id).Slug();
    }
}
