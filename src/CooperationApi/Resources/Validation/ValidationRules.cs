using System.Linq.Expressions;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using FluentValidation;
using FluentValidation.Results;

namespace CooperationApi.Resources.Validation;

/// <summary>The rules that the validators use. The schemas of the OpenAPI document are derived from them.</summary>
internal static class ValidationRules
{
    private const string SlugExample = "ha-noi";

    /// <summary>Requires an identifier.</summary>
    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MatchesPattern(Patterns.Slug, Limits.MaxSlugLength, SlugExample);

    /// <summary>Requires text for people: a letter or digit, no outer blanks and no invisible characters.</summary>
    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int maxLength, int minLength = 1) =>
        rule.SetValidator(new TextValidator<T>(maxLength, minLength, TextContent.Words));

    /// <summary>Requires the unit of a figure, which can be a symbol such as `%`.</summary>
    public static IRuleBuilderOptions<T, string?> Unit<T>(this IRuleBuilder<T, string?> rule) =>
        rule.SetValidator(new TextValidator<T>(maxLength: 100, minLength: 1, TextContent.Symbols));

    /// <summary>Requires words of a source. The writer compares the characters with the stored text of the source.</summary>
    public static IRuleBuilderOptions<T, string?> Quote<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.SetValidator(new TextValidator<T>(maxLength, minLength: 1, TextContent.Quote));

    /// <summary>Requires text that matches a pattern, such as the example.</summary>
    public static IRuleBuilderOptions<T, string?> MatchesPattern<T>(
        this IRuleBuilder<T, string?> rule, string pattern, int maxLength, string example) =>
        rule.SetValidator(new PatternValidator<T>(pattern, maxLength, example));

    /// <summary>Requires an absolute http or https URL.</summary>
    public static IRuleBuilderOptions<T, string?> WebAddress<T>(this IRuleBuilder<T, string?> rule) => rule.Text(2000)
        .Must(url => url is null || Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        .WithCode("invalid_url", url => [url ?? ""]);

    /// <summary>Requires one of a fixed set of values.</summary>
    public static IRuleBuilderOptions<T, string> OneOf<T>(this IRuleBuilder<T, string> rule, IReadOnlyList<string> allowedValues) =>
        rule.SetValidator(new OneOfValidator<T>(allowedValues));

    /// <summary>Requires a number of elements in a range.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TElement>> CountBetween<T,
        TElement>(this IRuleBuilder<T, IReadOnlyList<TElement>> rule, int minCount, int maxCount) =>
        rule.SetValidator(new CountValidator<T, TElement>(minCount, maxCount));

    /// <summary>Requires a number in a range.</summary>
    public static IRuleBuilderOptions<T, TNumber?> Number<T, TNumber>(this IRuleBuilder<T, TNumber?> rule, TNumber min, TNumber max)
        where TNumber : struct, IComparable<TNumber>, IComparable =>
        rule.InclusiveBetween(min, max).WithCode("out_of_range", number => [number.GetValueOrDefault(), min, max]);

    /// <summary>Requires a list of valid items.</summary>
    public static void RuleForItems<T, TItem>(this AbstractValidator<T> validator, Expression<Func<T, IReadOnlyList<TItem>>> list,
        IValidator<TItem> itemValidator, int maxCount, int minCount = 0)
    {
        validator.RuleFor(list).CountBetween(minCount, maxCount);
        validator.RuleForEach(list.AsEnumerableExpression()).SetValidator(itemValidator);
    }

    /// <summary>Requires a list of at most 200 distinct identifiers, or of other texts with a pattern.</summary>
    public static void RuleForSlugs<T>(this AbstractValidator<T> validator,
        Expression<Func<T, IReadOnlyList<string>>> list, int minCount = 0, string pattern = Patterns.Slug)
    {
        validator.RuleFor(list).CountBetween(minCount, 200);
        validator.RuleFor(list).Must(ids => ids.Distinct().Count() == ids.Count)
            .WithCode("duplicate_id", ids => [ids.GroupBy(id => id).First(group => group.Count() > 1).Key]);
        validator.RuleForEach(list.AsEnumerableExpression()).MatchesPattern(pattern, Limits.MaxSlugLength, SlugExample);
    }

    /// <summary>Requires a valid quantity with its unit and a valid amount with its currency.</summary>
    public static void RuleForQuantities<T>(this AbstractValidator<T> validator) where T : IQuantified
    {
        validator.RuleFor(record => record.Quantity).Number(0, 1_000_000_000_000m);
        validator.RuleFor(record => record.Unit).Unit();
        validator.RuleFor(record => record.UnitEn).Unit();
        validator.RuleFor(record => record).Must(record => record.Quantity is null == record.Unit is null)
            .WithCode("quantity_without_unit");
        validator.RuleFor(record => record.Amount).Number(0, 1_000_000_000_000_000);
        validator.RuleFor(record => record.Currency).MatchesPattern(Patterns.Currency, 3, "VND");
        validator.RuleFor(record => record).Must(record => record.Amount is null == record.Currency is null)
            .WithCode("amount_without_currency");
    }

    /// <summary>Returns the JSON names of a record's members, in order.</summary>
    public static IReadOnlyList<string> GetMemberNames(Type recordType) =>
        [.. ApiJson.Options.GetTypeInfo(recordType).Properties.Select(property => property.Name)];

    /// <summary>Sets the error code and the arguments of its message.</summary>
    public static IRuleBuilderOptions<T, TProperty> WithCode<T, TProperty>(
        this IRuleBuilderOptions<T, TProperty> rule, string code, Func<TProperty, object[]>? values = null) =>
        rule.WithErrorCode(code).WithState((_, value) => values?.Invoke(value) ?? []);

    /// <summary>Creates a failure for a rule that can report several failures.</summary>
    public static ValidationFailure CreateFailure(string path, string code, params object[] values) =>
        new(path, code) { ErrorCode = code, CustomState = values };

    /// <summary>Creates a failure with allowed values or a suggestion.</summary>
    public static ValidationFailure CreateFailure(string path, RequestError error) =>
        new(path, error.Code) { ErrorCode = error.Code, CustomState = error };

    /// <summary>Throws a <see cref="ProblemException"/> with all failures if a request body is not valid.</summary>
    public static void EnsureValid<T>(this IValidator<T> validator, T value)
    {
        if (validator.Validate(value) is { IsValid: false, Errors: var failures })
            throw ProblemException.InvalidRequest([.. failures.Select(failure => ToRequestError(failure))]);
    }

    /// <summary>
    /// Converts a failure to a request error. A failure without a code of its own becomes `invalid_value`: FluentValidation's message is
    /// English and has names of this program.
    /// </summary>
    public static RequestError ToRequestError(ValidationFailure failure, string pointer = "") =>
        (failure.CustomState switch
        {
            RequestError error => error,
            object[] values => new RequestError(failure.ErrorCode, values),
            _ => new RequestError("invalid_value"),
        }) with
        {
            Pointer = pointer + ToPointer(failure.PropertyName),
        };

    /// <summary>Converts `citations[0].quote` to `/citations/0/quote`.</summary>
    private static string ToPointer(string path) =>
        ("." + path).Replace("].", "/", StringComparison.Ordinal).Replace(']', '/').Replace('.', '/').Replace('[', '/').TrimEnd('/');

    private static Expression<Func<T, IEnumerable<TItem>>> AsEnumerableExpression<T, TItem>(
        this Expression<Func<T, IReadOnlyList<TItem>>> list) =>
        Expression.Lambda<Func<T, IEnumerable<TItem>>>(list.Body, list.Parameters);
}
