using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using FluentValidation;
using FluentValidation.Results;

namespace CooperationApi.Resources.Validation;

/// <summary>The rules that validators are made of. What they enforce, the document's schemas show.</summary>
internal static class ValidationRules
{
    /// <summary>An identifier.</summary>
    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) => rule.MatchesPattern(CooperationApi.Text.Slug.Pattern, CooperationApi.Text.Slug.MaxLength);

    /// <summary>Text for people: one character or more, without control or invisible characters.</summary>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int maxLength, int minLength = 1) => rule.SetValidator(new TextValidator<T>(maxLength, minLength));

    /// <summary>Text of one form.</summary>
    public static IRuleBuilderOptions<T, string?> MatchesPattern<T>(this IRuleBuilder<T, string?> rule, string pattern, int maxLength) =>
        rule.SetValidator(new PatternValidator<T>(pattern, maxLength));

    /// <summary>An absolute web address.</summary>
    public static IRuleBuilderOptions<T, string?> WebAddress<T>(this IRuleBuilder<T, string?> rule) => rule.Text(2000)
        .Must(url => url is null || Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https").WithCode("invalid_url", url => [url ?? ""]);

    /// <summary>One of a closed set of words.</summary>
    public static IRuleBuilderOptions<T, string> OneOf<T>(this IRuleBuilder<T, string> rule, IReadOnlyList<string> allowedValues) =>
        rule.SetValidator(new OneOfValidator<T>(allowedValues)).WithCode("not_allowed", value => [value]);

    /// <summary>How many members a list has.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TElement>> CountBetween<T, TElement>(this IRuleBuilder<T, IReadOnlyList<TElement>> rule, int minCount, int maxCount) =>
        rule.SetValidator(new CountValidator<T, TElement>(minCount, maxCount));

    /// <summary>A whole number in a range.</summary>
    public static IRuleBuilderOptions<T, int?> Number<T>(this IRuleBuilder<T, int?> rule, int min, int max) =>
        rule.InclusiveBetween(min, max).WithCode("out_of_range", number => [number ?? 0, min, max]);

    /// <summary>A list of different identifiers.</summary>
    public static void RuleForSlugs<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, IReadOnlyList<string>>> list, int minCount = 0)
    {
        validator.RuleFor(list).CountBetween(minCount, 200);
        validator.RuleFor(list).Must(ids => ids.Distinct().Count() == ids.Count)
            .WithCode("duplicate_id", ids => [ids.GroupBy(id => id).First(group => group.Count() > 1).Key]);
        validator.RuleForEach(list.AsEnumerableExpression()).Slug();
    }

    /// <summary>The names of a record's members on the wire, in their order.</summary>
    public static IReadOnlyList<string> GetMemberNames(Type recordType) => [.. ApiJson.Options.GetTypeInfo(recordType).Properties.Select(property => property.Name)];

    /// <summary>The code, and the values of its wording.</summary>
    public static IRuleBuilderOptions<T, TProperty> WithCode<T, TProperty>(
        this IRuleBuilderOptions<T, TProperty> rule, string code, Func<TProperty, object[]>? values = null) =>
        rule.WithErrorCode(code).WithState((_, value) => values?.Invoke(value) ?? []);

    /// <summary>A fault that a rule of several finds.</summary>
    public static ValidationFailure CreateFailure(string path, string code, params object[] values) => new(path, code) { ErrorCode = code, CustomState = values };

    /// <summary>All broken rules of a value that somebody sent as the members of a body. Throws <see cref="ProblemException"/>.</summary>
    public static void EnsureValid<T>(this IValidator<T> validator, T value)
    {
        if (validator.Validate(value) is { IsValid: false, Errors: var failures })
            throw ProblemException.InvalidRequest([.. failures.Select(failure => ToRequestError(failure))]);
    }

    /// <summary>A broken rule as a fault, of what stands at a pointer. A rule without wording of its own speaks for itself.</summary>
    public static RequestError ToRequestError(ValidationFailure failure, string pointer = "") =>
        (failure.CustomState is object[] values ? new RequestError(failure.ErrorCode, values) : new RequestError("invalid_value", failure.ErrorMessage))
            with
        { Pointer = pointer + ToPointer(failure.PropertyName) };

    /// <summary>`citations[0].quote` as `/citations/0/quote`.</summary>
    private static string ToPointer(string path) =>
        ("." + path).Replace("].", "/", StringComparison.Ordinal).Replace(']', '/').Replace('.', '/').Replace('[', '/').TrimEnd('/');

    private static System.Linq.Expressions.Expression<Func<T, IEnumerable<string>>> AsEnumerableExpression<T>(
        this System.Linq.Expressions.Expression<Func<T, IReadOnlyList<string>>> list) =>
        System.Linq.Expressions.Expression.Lambda<Func<T, IEnumerable<string>>>(list.Body, list.Parameters);
}
