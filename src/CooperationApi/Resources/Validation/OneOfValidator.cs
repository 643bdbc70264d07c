using CooperationApi.Http.Problems;
using FluentValidation;
using FluentValidation.Validators;

namespace CooperationApi.Resources.Validation;

/// <summary>A validator of text with a fixed set of allowed values.</summary>
internal interface IOneOfValidator
{
    IReadOnlyList<string> AllowedValues { get; }
}

/// <inheritdoc cref="IOneOfValidator"/>
internal sealed class OneOfValidator<T>(IReadOnlyList<string> allowedValues) : PropertyValidator<T, string>, IOneOfValidator
{
    public override string Name => "one_of";

    public IReadOnlyList<string> AllowedValues => allowedValues;

    public override bool IsValid(ValidationContext<T> context, string value)
    {
        if (!allowedValues.Contains(value, StringComparer.Ordinal))
            context.AddFailure(
                ValidationRules.CreateFailure(context.PropertyPath, RequestError.NotOneOf("not_allowed", value, allowedValues)));
        return true;
    }
}
