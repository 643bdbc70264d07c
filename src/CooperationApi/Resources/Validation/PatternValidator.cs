using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Text;
using FluentValidation;
using FluentValidation.Validators;

namespace CooperationApi.Resources.Validation;

/// <summary>A validator of text with a pattern and a maximum length. Its message has an example in place of the pattern.</summary>
internal sealed class PatternValidator<T>(string pattern, int maxLength, string example) : PropertyValidator<T, string?>,
    IRegularExpressionValidator, ILengthValidator
{
    // Compiled when first used: a non-backtracking regex takes up to 30 ms, and validators are created at start.
    private Regex Regex => field ??= AnchoredPattern.Compile(pattern);

    public override string Name => "pattern";

    public string Expression => pattern;

    public int Min => Regex.IsMatch("") ? 0 : 1;

    public int Max => maxLength;

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is not null && (value.Length > maxLength || !Regex.IsMatch(value)))
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, pattern is Patterns.Slug or Patterns.ProvinceScope
                ? new RequestError("invalid_id", value) { Suggestion = Slug.FromText(value) }
                : new RequestError("pattern_mismatch", value, example)));
        return true;
    }
}
