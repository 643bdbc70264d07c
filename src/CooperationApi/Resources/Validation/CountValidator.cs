using FluentValidation;
using FluentValidation.Validators;

namespace CooperationApi.Resources.Validation;

/// <summary>A validator of the number of elements in a list.</summary>
internal interface ICountValidator
{
    int MinCount { get; }

    int MaxCount { get; }
}

/// <inheritdoc cref="ICountValidator"/>
internal sealed class CountValidator<T, TElement>(int minCount, int maxCount) : PropertyValidator<T, IReadOnlyList<TElement>>,
    ICountValidator
{
    public override string Name => "count";

    public int MinCount => minCount;

    public int MaxCount => maxCount;

    public override bool IsValid(ValidationContext<T> context, IReadOnlyList<TElement> value)
    {
        if (value.Count < minCount)
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, "too_short", minCount));
        if (value.Count > maxCount)
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, "too_long", value.Count, maxCount));
        return true;
    }
}
