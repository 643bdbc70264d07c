using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Http.OpenApi;

/// <summary>
/// Copies constraints to the schemas: those of request bodies from the validators that enforce them, those of responses from the attributes
/// of the members.
/// </summary>
internal sealed class ValidationSchemaFilter(ResourceCatalog catalog) : ISchemaFilter
{
    private static readonly string MaxSafeInteger = FormatValue(Limits.MaxSafeInteger);

    private static readonly ILookup<Type, Type> Validators = typeof(ValidationSchemaFilter).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(IValidator).IsAssignableFrom(type))
        .ToLookup(type => type.GetInterfaces().First(contract => OpenGenericOf(contract) == typeof(IValidator<>)).GenericTypeArguments[0]);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema target)
            return;
        if (context.MemberInfo is { } member)
            ApplyAttributes(member, target);
        if (context.Type == typeof(Bundle))
            AddRecordLists(target, context);
        if (target.Properties is not { } properties)
            return;
        target.AdditionalPropertiesAllowed = true;
        if (context.Type == typeof(ServiceStatus))
            properties["records"] = AddCountsSchema((OpenApiSchema)properties["records"], context);
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
        {
            // A member without a value is absent, never null.
            property.Type &= ~JsonSchemaType.Null;
            ApplyDefaultLimits(property);
        }
        // The rules of a base type also apply to derived types.
        for (var type = context.Type; type is not null; type = type.BaseType)
        {
            foreach (var validator in Validators[type])
                ApplyRules((IValidator)Activator.CreateInstance(validator)!, properties);
        }
    }

    /// <summary>Adds one list of records per resource type.</summary>
    private void AddRecordLists(OpenApiSchema bundle, SchemaFilterContext context)
    {
        foreach (var resource in catalog.All)
            bundle.Properties![resource.Type] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = context.SchemaGenerator.GenerateSchema(resource.RecordType, context.SchemaRepository),
                MinItems = 0,
                MaxItems = Limits.MaxBundleRecords,
            };
    }

    /// <summary>Adds a component with one count per resource type.</summary>
    private OpenApiSchema AddCountsSchema(OpenApiSchema recordsSchema, SchemaFilterContext context)
    {
        var countSchema = (OpenApiSchema)recordsSchema.AdditionalProperties!;
        var reference = context.SchemaRepository.AddDefinition("RecordCounts", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = catalog.Types.ToHashSet(),
            Properties = catalog.All.ToDictionary(resource => resource.Type, resource => (IOpenApiSchema)new OpenApiSchema
            {
                Type = countSchema.Type,
                Format = countSchema.Format,
                Minimum = "0",
                Maximum = MaxSafeInteger,
                Description = $"Number of {resource.Type.Replace('-', ' ')}.",
            }),
        });
        return new() { AllOf = [reference], Description = recordsSchema.Description };
    }

    private static Type OpenGenericOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>Applies the attributes, except lengths of lists and ranges, which the schema generator applies.</summary>
    private static void ApplyAttributes(MemberInfo member, OpenApiSchema schema)
    {
        // On a list, the pattern and the allowed values apply to the elements; the generator has set the pattern on the list itself.
        var text = schema.Items as OpenApiSchema ?? schema;
        foreach (var attribute in member.GetCustomAttributes<ValidationAttribute>())
        {
            switch (attribute)
            {
                case PatternAttribute pattern:
                    schema.Pattern = null;
                    text.Pattern = pattern.Pattern;
                    text.MinLength = Regex.IsMatch("", pattern.Pattern) ? 0 : 1;
                    text.MaxLength = pattern.MaxLength;
                    break;
                case AllowedValuesAttribute allowed:
                    text.Enum = [.. allowed.Values.OfType<string>().Select(value => JsonValue.Create(value))];
                    break;
                case LengthAttribute when schema.MaxLength is not null:
                    schema.Pattern = Patterns.Text;
                    break;
            }
        }
    }

    private static void ApplyRules(IValidator validator, IDictionary<string, IOpenApiSchema> properties)
    {
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            if (rule.PropertyName is not { } name || !properties.TryGetValue(name, out var propertySchema)
                || propertySchema is not OpenApiSchema property)
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
            schema.Pattern = rule is IRegularExpressionValidator pattern ? pattern.Expression : Patterns.Text;
        }
        if (rule is IOneOfValidator oneOf)
            schema.Enum = [.. oneOf.AllowedValues.Select(value => JsonValue.Create(value))];
        if (rule is ICountValidator count)
            (schema.MinItems, schema.MaxItems) = (count.MinCount, count.MaxCount);
        if (rule is IBetweenValidator between)
            (schema.Minimum, schema.Maximum) = (FormatValue(between.From), FormatValue(between.To));
    }

    /// <summary>Sets the limits that follow from the type, unless an attribute states them; rules override them.</summary>
    private static void ApplyDefaultLimits(OpenApiSchema schema)
    {
        if (schema.Format == "date")
            (schema.MinLength, schema.MaxLength) = (10, 10);
        if (schema.Type == JsonSchemaType.Integer)
        {
            schema.Minimum ??= "0";
            schema.Maximum ??= schema.Format == "int32" ? FormatValue(int.MaxValue) : MaxSafeInteger;
        }
        if (schema.Items is OpenApiSchema items)
            ApplyDefaultLimits(items);
    }

    private static string FormatValue(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
