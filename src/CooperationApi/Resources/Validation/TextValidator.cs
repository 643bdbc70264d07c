using System.Globalization;
using System.Text;
using FluentValidation;
using FluentValidation.Validators;

namespace CooperationApi.Resources.Validation;

/// <summary>A validator of text for people. Lengths are counted in code points, as in JSON Schema.</summary>
internal sealed class TextValidator<T>(int maxLength, int minLength) : PropertyValidator<T, string?>, ILengthValidator
{
    public override string Name => "text";

    public int Min => minLength;

    public int Max => maxLength;

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null)
            return true;
        var (length, hasInvisible) = (0, false);
        foreach (var rune in value.EnumerateRunes())
        {
            length++;
            hasInvisible |= IsInvisible(rune);
        }
        if (length < minLength)
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, "too_short", minLength));
        if (length > maxLength)
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, "too_long", length, maxLength));
        if (hasInvisible)
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, "invalid_characters"));
        return true;
    }

    // Line feeds are allowed. Other control characters, direction overrides, and zero-width, private-use and unassigned characters are not.
    private static bool IsInvisible(Rune rune) => rune.Value != '\n' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.Surrogate;
}
