using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using FluentValidation;
using FluentValidation.Results;
using FluentValidation.Validators;

namespace CooperationApi.Resources;

/// <summary>The rules of all records: the identifier.</summary>
internal abstract class RecordValidator<T> : AbstractValidator<T> where T : Record
{
    protected RecordValidator() => RuleFor(record => record.Id).Slug();
}

/// <summary>The rules of records that cite: at least one citation, each in order, supporting members that the record has.</summary>
internal abstract class CitedRecordValidator<T> : RecordValidator<T> where T : CitedRecord
{
    protected CitedRecordValidator()
    {
        var members = Rules.MembersOf(typeof(T)).ToHashSet(StringComparer.Ordinal);
        RuleFor(record => record.Citations).Size(1, 100);
        RuleForEach(record => record.Citations).SetValidator(new CitationValidator());
        RuleForEach(record => record.Citations).Custom((citation, context) =>
        {
            if (citation.Supports.All(members.Contains))
                return;
            foreach (var unknown in citation.Supports.Except(members))
                context.AddFailure(Rules.Failure(context.PropertyPath + ".supports", "unsupported_member", unknown));
        });
    }
}

internal sealed class CitationValidator : AbstractValidator<Citation>
{
    public CitationValidator()
    {
        RuleFor(citation => citation.SourceId).Slug();
        RuleFor(citation => citation.Quote).Text(300);
        RuleFor(citation => citation.Start).Number(0, int.MaxValue);
        RuleFor(citation => citation.End).Number(1, int.MaxValue);
        RuleFor(citation => citation.Locator).Text(500);
        RuleFor(citation => citation.Note).Text(1000);
        RuleFor(citation => citation.Supports).Size(1, 50);
        RuleForEach(citation => citation.Supports).Matching("^[a-z][A-Za-z0-9]*$", 50);
        RuleFor(citation => citation).Must(citation => citation.Quote is null
                ? citation.Start is null && citation.End is null
                : citation.End == citation.Start + citation.Quote.EnumerateRunes().Count()).Saying("quote_without_place");
        RuleFor(citation => citation).Must(citation => citation.Basis != CitationBasis.Stated || citation.Quote is not null).Saying("quote_missing");
        RuleFor(citation => citation).Must(citation => citation.Basis != CitationBasis.Inferred || citation.Quote is not null || citation is { Locator: not null, Note: not null })
            .Saying("inference_unexplained");
        RuleFor(citation => citation).Must(citation => citation.Basis != CitationBasis.Referenced || citation is { Quote: null, Locator: not null }).Saying("locator_missing");
    }
}

internal sealed class PeriodValidator : AbstractValidator<Period>
{
    public PeriodValidator()
    {
        RuleFor(period => period.Label).Text(200);
        RuleFor(period => period.LabelEn).Text(200);
        RuleFor(period => period).Must(period => period.From is not null || period.To is not null || period.Label is not null).Saying("empty_period");
        RuleFor(period => period).Must(period => !(period.From?.First > period.To?.Last)).Saying("invalid_period");
    }
}

internal sealed class PartyValidator : AbstractValidator<Party>
{
    public PartyValidator()
    {
        RuleFor(party => party.OfficialId).Slug();
        RuleFor(party => party.OrganizationId).Slug();
        RuleFor(party => party.ProvinceId).Slug();
        RuleFor(party => party.Description).Text(500);
        RuleFor(party => party).Must(party => (party.OfficialId ?? party.OrganizationId ?? party.ProvinceId ?? party.Description) is not null).Saying("who_missing");
    }
}

internal sealed class RecordReferenceValidator : AbstractValidator<RecordReference>
{
    public RecordReferenceValidator()
    {
        RuleFor(reference => reference.Type).Matching(Slug.Pattern, 50);
        RuleFor(reference => reference.Id).Slug();
    }
}

/// <summary>The rules that validators are made of. What they enforce, the document's schemas show.</summary>
internal static class Rules
{
    // Identifiers are most of what has a form, and this one is compiled with the program: several times as fast.
    private static readonly ConcurrentDictionary<string, Regex> Forms = new() { [Resources.Slug.Pattern] = Resources.Slug.Form() };

    /// <summary>An identifier.</summary>
    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) => rule.Matching(Resources.Slug.Pattern, Resources.Slug.MaxLength);

    /// <summary>Text for people: one character or more, without control or invisible characters.</summary>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int longest, int shortest = 1) => rule.SetValidator(new TextRule<T>(longest, shortest));

    /// <summary>Text of one form.</summary>
    public static IRuleBuilderOptions<T, string?> Matching<T>(this IRuleBuilder<T, string?> rule, string pattern, int longest) =>
        rule.SetValidator(new PatternRule<T>(pattern, longest));

    /// <summary>An absolute web address.</summary>
    public static IRuleBuilderOptions<T, string?> WebAddress<T>(this IRuleBuilder<T, string?> rule) => rule.Text(2000)
        .Must(url => url is null || Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https").Saying("invalid_url", url => [url ?? ""]);

    /// <summary>One of a closed set of words.</summary>
    public static IRuleBuilderOptions<T, string> Among<T>(this IRuleBuilder<T, string> rule, IReadOnlyList<string> allowed) =>
        rule.SetValidator(new AmongRule<T>(allowed)).Saying("not_allowed", value => [value]);

    /// <summary>How many members a list has.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TElement>> Size<T, TElement>(this IRuleBuilder<T, IReadOnlyList<TElement>> rule, int fewest, int most) =>
        rule.SetValidator(new SizeRule<T, TElement>(fewest, most));

    /// <summary>A whole number in a range.</summary>
    public static IRuleBuilderOptions<T, int?> Number<T>(this IRuleBuilder<T, int?> rule, int least, int most) =>
        rule.InclusiveBetween(least, most).Saying("out_of_range", number => [number ?? 0, least, most]);

    /// <summary>A list of different identifiers.</summary>
    public static void Slugs<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, IReadOnlyList<string>>> list, int fewest = 0)
    {
        validator.RuleFor(list).Size(fewest, 200);
        validator.RuleFor(list).Must(ids => ids.Distinct().Count() == ids.Count)
            .Saying("repeated_id", ids => [ids.GroupBy(id => id).First(group => group.Count() > 1).Key]);
        validator.RuleForEach(list.AsEnumerable()).Slug();
    }

    /// <summary>The names of a record's members on the wire, in their order.</summary>
    public static IReadOnlyList<string> MembersOf(Type recordType) => [.. Wire.Json.GetTypeInfo(recordType).Properties.Select(property => property.Name)];

    /// <summary>The code, and the values of its wording.</summary>
    public static IRuleBuilderOptions<T, TProperty> Saying<T, TProperty>(
        this IRuleBuilderOptions<T, TProperty> rule, string code, Func<TProperty, object[]>? values = null) =>
        rule.WithErrorCode(code).WithState((_, value) => values?.Invoke(value) ?? []);

    /// <summary>A fault that a rule of several finds.</summary>
    public static ValidationFailure Failure(string path, string code, params object[] values) => new(path, code) { ErrorCode = code, CustomState = values };

    /// <summary>All broken rules of a value that somebody sent as the members of a body. Throws <see cref="ProblemException"/>.</summary>
    public static void Check<T>(this IValidator<T> rules, T value)
    {
        if (rules.Validate(value) is { IsValid: false, Errors: var failures })
            throw ProblemException.Invalid([.. failures.Select(failure => FaultOf(failure))]);
    }

    /// <summary>A broken rule as a fault, of what stands at a pointer. A rule without wording of its own speaks for itself.</summary>
    public static Fault FaultOf(ValidationFailure failure, string pointer = "") =>
        (failure.CustomState is object[] values ? new Fault(failure.ErrorCode, values) : new Fault("invalid", failure.ErrorMessage))
            with
        { Pointer = pointer + PointerOf(failure.PropertyName) };

    /// <summary>`citations[0].quote` as `/citations/0/quote`.</summary>
    private static string PointerOf(string path) =>
        ("." + path).Replace("].", "/", StringComparison.Ordinal).Replace(']', '/').Replace('.', '/').Replace('[', '/').TrimEnd('/');

    /// <summary>A pattern, made once however many rules have it. `$` would let a final line feed pass.</summary>
    public static Regex Form(string pattern) =>
        Forms.GetOrAdd(pattern, static pattern => new(pattern.TrimEnd('$') + "\\z", RegexOptions.NonBacktracking));

    private static System.Linq.Expressions.Expression<Func<T, IEnumerable<string>>> AsEnumerable<T>(
        this System.Linq.Expressions.Expression<Func<T, IReadOnlyList<string>>> list) =>
        System.Linq.Expressions.Expression.Lambda<Func<T, IEnumerable<string>>>(list.Body, list.Parameters);
}

/// <summary>Text for people. Lengths are counted in code points, as JSON Schema does.</summary>
internal sealed class TextRule<T>(int longest, int shortest) : PropertyValidator<T, string?>, ILengthValidator
{
    public override string Name => "text";

    public int Min => shortest;

    public int Max => longest;

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
        if (length < shortest)
            context.AddFailure(Rules.Failure(context.PropertyPath, "too_short", shortest));
        if (length > longest)
            context.AddFailure(Rules.Failure(context.PropertyPath, "too_long", length, longest));
        if (hasInvisible)
            context.AddFailure(Rules.Failure(context.PropertyPath, "invalid_characters"));
        return true;
    }

    // Line feeds are part of texts; other controls, direction overrides, zero-width, private and unassigned characters are not.
    private static bool IsInvisible(Rune rune) => rune.Value != '\n' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
}

/// <summary>Text of one form.</summary>
internal sealed class PatternRule<T>(string pattern, int longest) : PropertyValidator<T, string?>, IRegularExpressionValidator, ILengthValidator
{
    private readonly Regex regex = Rules.Form(pattern);

    public override string Name => "pattern";

    public string Expression => pattern;

    public int Min => regex.IsMatch("") ? 0 : 1;

    public int Max => longest;

    public override bool IsValid(ValidationContext<T> context, string? value)
    {
        if (value is not null && (value.Length > longest || !regex.IsMatch(value)))
            context.AddFailure(Rules.Failure(context.PropertyPath, "pattern", value, pattern));
        return true;
    }
}

/// <summary>One of a closed set of words.</summary>
internal interface IChoiceValidator
{
    IReadOnlyList<string> Allowed { get; }
}

/// <inheritdoc cref="IChoiceValidator"/>
internal sealed class AmongRule<T>(IReadOnlyList<string> allowed) : PropertyValidator<T, string>, IChoiceValidator
{
    public override string Name => "among";

    public IReadOnlyList<string> Allowed => allowed;

    public override bool IsValid(ValidationContext<T> context, string value) => allowed.Contains(value, StringComparer.Ordinal);
}

/// <summary>How many members a list has.</summary>
internal interface ISizeValidator
{
    int Fewest { get; }

    int Most { get; }
}

/// <inheritdoc cref="ISizeValidator"/>
internal sealed class SizeRule<T, TElement>(int fewest, int most) : PropertyValidator<T, IReadOnlyList<TElement>>, ISizeValidator
{
    public override string Name => "size";

    public int Fewest => fewest;

    public int Most => most;

    public override bool IsValid(ValidationContext<T> context, IReadOnlyList<TElement> value)
    {
        if (value.Count < fewest)
            context.AddFailure(Rules.Failure(context.PropertyPath, "too_short", fewest));
        if (value.Count > most)
            context.AddFailure(Rules.Failure(context.PropertyPath, "too_long", value.Count, most));
        return true;
    }
}
