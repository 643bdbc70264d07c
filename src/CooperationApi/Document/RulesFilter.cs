using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Document;

/// <summary>
/// Brings the validators' rules into the schemas, so that the document says what is enforced; where no rule stands, what can come at most.
/// </summary>
internal sealed class RulesFilter : ISchemaFilter
{
    // Answers that no validator checks: texts of problems, cursors, names of types.
    private const int LongestText = 10_000;
    private const int LongestList = 1_000;

    private static readonly ILookup<Type, Type> Validators = typeof(RulesFilter).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(IValidator).IsAssignableFrom(type))
        .ToLookup(type => type.GetInterfaces().First(shape => shape.IsGenericType && shape.GetGenericTypeDefinition() == typeof(IValidator<>)).GenericTypeArguments[0]);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties })
            return;
        // "No value" is a member left out, never null.
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
            property.Type &= ~JsonSchemaType.Null;
        foreach (var validator in Validators[context.Type])
            ApplyRules((IValidator)Activator.CreateInstance(validator)!, properties);
        foreach (var (name, property) in properties)
            Bound(name, property as OpenApiSchema);
        if (context.Type.IsGenericType && context.Type.GetGenericTypeDefinition() == typeof(Page<>))
            ((OpenApiSchema)properties["items"]).MaxItems = LimitParameter.Most;
        if (schema is OpenApiSchema { AdditionalProperties: OpenApiSchema values })
            Bound("", values);
    }

    private static void ApplyRules(IValidator validator, IDictionary<string, IOpenApiSchema> properties)
    {
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            if (rule.PropertyName is not { } name || !properties.TryGetValue(name, out var found) || found is not OpenApiSchema property)
                continue;
            // A rule for each element speaks of the elements.
            var isForEach = rule.GetType().GetInterfaces().Any(shape => shape.Name.StartsWith("ICollectionRule", StringComparison.Ordinal));
            if ((isForEach ? property.Items : property) is not OpenApiSchema target)
                continue;
            foreach (var component in rule.Components)
                ApplyRule(component.Validator, target);
        }
    }

    private static void ApplyRule(IPropertyValidator rule, OpenApiSchema schema)
    {
        if (rule is ILengthValidator length)
            (schema.MinLength, schema.MaxLength) = (length.Min, length.Max);
        if (rule is IRegularExpressionValidator pattern)
            schema.Pattern = pattern.Expression;
        if (rule is ISizeValidator size)
            (schema.MinItems, schema.MaxItems) = (size.Fewest, size.Most);
        if (rule is IBetweenValidator between)
            (schema.Minimum, schema.Maximum) = (Text(between.From), Text(between.To));
    }

    private static void Bound(string name, OpenApiSchema? schema)
    {
        if (schema is null)
            return;
        if (schema.Type == JsonSchemaType.String && schema.Enum is not { Count: > 0 })
            schema.MaxLength ??= schema.Format == "date" ? 10 : LongestText;
        if (schema.Type == JsonSchemaType.Array)
        {
            (schema.MinItems, schema.MaxItems) = (schema.MinItems ?? 0, schema.MaxItems ?? LongestList);
            Bound(name, schema.Items as OpenApiSchema);
        }
        if (schema.Type == JsonSchemaType.Integer)
        {
            schema.Minimum ??= name == "status" ? "100" : "0";
            schema.Maximum ??= name == "status" ? "599" : schema.Format == "int32" ? Text(int.MaxValue) : "9007199254740991";
        }
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
