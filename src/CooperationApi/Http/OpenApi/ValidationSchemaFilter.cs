using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>Copies the rules of the validators to the schemas, so that the document states the enforced limits.</summary>
internal sealed class ValidationSchemaFilter(ResourceCatalog catalog) : ISchemaFilter
{
    // The part of TextRule that every regex dialect supports: no control characters except line feed.
    private const string TextPattern = @"^[^\u0000-\u0009\u000B-\u001F\u007F-\u009F]+$";

    // 2^53 - 1: the largest integer up to which JavaScript is exact.
    private const string MaxSafeInteger = "9007199254740991";

    private static readonly ILookup<Type, Type> Validators = typeof(ValidationSchemaFilter).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(IValidator).IsAssignableFrom(type))
        .ToLookup(type => OpenGenericOf(type.GetInterfaces().First(interfaceType => OpenGenericOf(interfaceType) == typeof(IValidator<>)).GenericTypeArguments[0]));

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } target)
            return;
        target.AdditionalPropertiesAllowed = false;
        if (context.Type == typeof(ServiceStatus))
            properties["records"] = CreateCountsSchema((OpenApiSchema)properties["records"]);
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
        {
            // A member without a value is absent, never null.
            property.Type &= ~JsonSchemaType.Null;
            ApplyDefaultLimits(property);
        }
        // The rules of a base type also apply to derived types.
        for (var type = context.Type; type is not null; type = type.BaseType)
        {
            foreach (var validator in Validators[OpenGenericOf(type)])
                ApplyRules(CreateValidator(validator, type), properties);
        }
    }

    /// <summary>Creates a closed object schema with one count per resource type.</summary>
    private OpenApiSchema CreateCountsSchema(OpenApiSchema recordsSchema)
    {
        var countSchema = (OpenApiSchema)recordsSchema.AdditionalProperties!;
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = recordsSchema.Description,
            AdditionalPropertiesAllowed = false,
            Required = catalog.Types.ToHashSet(),
            Properties = catalog.All.ToDictionary(resource => resource.Type, resource => (IOpenApiSchema)new OpenApiSchema
            {
                Type = countSchema.Type,
                Format = countSchema.Format,
                Minimum = "0",
                Maximum = MaxSafeInteger,
                Description = $"Number of {resource.Type.Replace('-', ' ')}.",
            }),
        };
    }

    private static Type OpenGenericOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static IValidator CreateValidator(Type validator, Type validatedType) =>
        (IValidator)Activator.CreateInstance(validator.IsGenericTypeDefinition ? validator.MakeGenericType(validatedType.GenericTypeArguments) : validator)!;

    private static void ApplyRules(IValidator validator, IDictionary<string, IOpenApiSchema> properties)
    {
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            if (rule.PropertyName is not { } name || !properties.TryGetValue(name, out var propertySchema) || propertySchema is not OpenApiSchema property)
                continue;
            // RuleForEach applies to the schema of the elements.
            var isForEach = rule.GetType().GetInterfaces().Any(interfaceType => OpenGenericOf(interfaceType) == typeof(ICollectionRule<,>));
            if ((isForEach ? property.Items : property) is not OpenApiSchema target)
                continue;
            foreach (var component in rule.Components)
                ApplyRule(component.Validator, target);
        }
    }

    private static void ApplyRule(IPropertyValidator rule, OpenApiSchema schema)
    {
        if (rule is ILengthValidator length)
        {
            (schema.MinLength, schema.MaxLength) = (length.Min, length.Max);
            schema.Pattern = rule is IRegularExpressionValidator pattern ? pattern.Expression : TextPattern;
        }
        if (rule is IOneOfValidator oneOf)
            schema.Enum = [.. oneOf.AllowedValues.Select(value => JsonValue.Create(value))];
        if (rule is ICountValidator count)
            (schema.MinItems, schema.MaxItems) = (count.MinCount, count.MaxCount);
        if (rule is IBetweenValidator between)
            (schema.Minimum, schema.Maximum) = (FormatValue(between.From), FormatValue(between.To));
    }

    /// <summary>Sets the limits that follow from the type; rules override them.</summary>
    private static void ApplyDefaultLimits(OpenApiSchema schema)
    {
        if (schema.Format == "date")
            (schema.MinLength, schema.MaxLength) = (10, 10);
        if (schema.Type == JsonSchemaType.Integer)
            (schema.Minimum, schema.Maximum) = ("0", schema.Format == "int32" ? FormatValue(int.MaxValue) : MaxSafeInteger);
    }

    private static string FormatValue(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
