using CooperationApi.Contracts;
using FluentValidation;

namespace CooperationApi.Resources.Validation;

internal sealed class PeriodValidator : AbstractValidator<Period>
{
    public PeriodValidator()
    {
        RuleFor(period => period.Label).Text(200);
        RuleFor(period => period.LabelEn).Text(200);
        RuleFor(period => period).Must(period => period.From is not null || period.To is not null || period.Label is not null)
            .WithCode("empty_period");
        RuleFor(period => period).Must(period => !(period.From?.FirstDay > period.To?.LastDay)).WithCode("invalid_period");
    }
}
