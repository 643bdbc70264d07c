using CooperationApi.Contracts;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Validation;

internal sealed class RecordReferenceValidator : AbstractValidator<RecordReference>
{
    public RecordReferenceValidator()
    {
        RuleFor(reference => reference.Type).MatchesPattern(Slug.Pattern, 50);
        RuleFor(reference => reference.Id).Slug();
    }
}
