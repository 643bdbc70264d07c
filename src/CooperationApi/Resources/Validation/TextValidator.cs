using System.Text;
using CooperationApi.Text;
using FluentValidation;
using FluentValidation.Validators;

namespace CooperationApi.Resources.Validation;

/// <summary>
/// A validator of text for people: not too long, with the required content, without outer blanks and invalid characters. Lengths are
/// counted in code points, as in JSON Schema.
/// </summary>
internal sealed class TextValidator<T>(int maxLength, int minLength, TextContent content) : PropertyValidator<T, string?>, ILengthValidator
{
    public override string Name => "text";

    public int Min => minLength;

    public int Max => maxLength;

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is null)
            return true;
        var length = value.EnumerateRunes().Count();
        if (length < minLength)
            Fail("too_short", minLength);
        if (length > maxLength)
            Fail("too_long", length, maxLength);
        var isQuote = content == TextContent.Quote;
        if ((isQuote ? InvalidCharacter.FindControl(value) : InvalidCharacter.Find(value)) is { } character)
            Fail("invalid_characters", character.Rune, character.Position);
        if (length > 0 && content != TextContent.Symbols && !value.EnumerateRunes().Any(Rune.IsLetterOrDigit))
            Fail("text_without_words");
        if (!isQuote && value.Length != value.Trim().Length)
            Fail("outer_blanks");
        return true;

        void Fail(string code, params object[] values) =>
            context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath, code, values));
    }
}
