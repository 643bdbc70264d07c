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

/// <summary>Brings the validators' rules into the schemas, so that the document says what is enforced.</summary>
internal sealed class ValidationSchemaFilter(ResourceCatalog catalog) : ISchemaFilter
{
    // What TextRule refuses in every text and a pattern can say in any dialect: controls, but for the line feed.
    private const string TextPattern = @"^[^\u0000-\u0009\u000B-\u001F\u007F-\u009F]+$";

    // The largest number that JavaScript tells from its neighbours.
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
            // "No value" is a member left out, never null.
            property.Type &= ~JsonSchemaType.Null;
            ApplyDefaultLimits(property);
        }
        // What is so of a shape is so of all that are made from it.
        for (var type = context.Type; type is not null; type = type.BaseType)
        {
            foreach (var validator in Validators[OpenGenericOf(type)])
                ApplyRules(CreateValidator(validator, type), properties);
        }
    }

    /// <summary>One count for each resource: what there is to count is known, so the object is closed.</summary>
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
                Description = $"How many {resource.Type.Replace('-', ' ')} there are.",
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
            // A rule for each element speaks of the elements.
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

    /// <summary>What bounds a value of its type where no rule does.</summary>
    private static void ApplyDefaultLimits(OpenApiSchema schema)
    {
        if (schema.Format == "date")
            (schema.MinLength, schema.MaxLength) = (10, 10);
        if (schema.Type == JsonSchemaType.Integer)
            (schema.Minimum, schema.Maximum) = ("0", schema.Format == "int32" ? FormatValue(int.MaxValue) : MaxSafeInteger);
    }

    private static string FormatValue(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
