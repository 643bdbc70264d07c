using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CooperationApi.Document;

/// <summary>Brings the validators' rules into the schemas, so that the document says what is enforced.</summary>
internal sealed class RulesFilter(Catalog catalog) : ISchemaFilter
{
    // What TextRule refuses in every text and a pattern can say in any dialect: controls, but for the line feed.
    private const string TextPattern = @"^[^\u0000-\u0009\u000B-\u001F\u007F-\u009F]+$";

    // The largest number that JavaScript tells from its neighbours.
    private const string LargestInteger = "9007199254740991";

    private static readonly ILookup<Type, Type> Validators = typeof(RulesFilter).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(IValidator).IsAssignableFrom(type))
        .ToLookup(type => Definition(type.GetInterfaces().First(shape => Definition(shape) == typeof(IValidator<>)).GenericTypeArguments[0]));

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } described)
            return;
        described.AdditionalPropertiesAllowed = false;
        if (context.Type == typeof(ServiceStatus))
            properties["records"] = Counts((OpenApiSchema)properties["records"]);
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
        {
            // "No value" is a member left out, never null.
            property.Type &= ~JsonSchemaType.Null;
            Bound(property);
        }
        // What is so of a shape is so of all that are made from it.
        for (var shape = context.Type; shape is not null; shape = shape.BaseType)
        {
            foreach (var validator in Validators[Definition(shape)])
                ApplyRules(Create(validator, shape), properties);
        }
    }

    /// <summary>One count for each resource: what there is to count is known, so the object is closed.</summary>
    private OpenApiSchema Counts(OpenApiSchema records)
    {
        var count = (OpenApiSchema)records.AdditionalProperties!;
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = records.Description,
            AdditionalPropertiesAllowed = false,
            Required = catalog.Types.ToHashSet(),
            Properties = catalog.All.ToDictionary(resource => resource.Type, resource => (IOpenApiSchema)new OpenApiSchema
            {
                Type = count.Type,
                Format = count.Format,
                Minimum = "0",
                Maximum = LargestInteger,
                Description = $"How many {resource.Type.Replace('-', ' ')} there are.",
            }),
        };
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static IValidator Create(Type validator, Type described) =>
        (IValidator)Activator.CreateInstance(validator.IsGenericTypeDefinition ? validator.MakeGenericType(described.GenericTypeArguments) : validator)!;

    private static void ApplyRules(IValidator validator, IDictionary<string, IOpenApiSchema> properties)
    {
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            if (rule.PropertyName is not { } name || !properties.TryGetValue(name, out var found) || found is not OpenApiSchema property)
                continue;
            // A rule for each element speaks of the elements.
            var isForEach = rule.GetType().GetInterfaces().Any(shape => Definition(shape) == typeof(ICollectionRule<,>));
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
        if (rule is IChoiceValidator choice)
            schema.Enum = [.. choice.Allowed.Select(word => JsonValue.Create(word))];
        if (rule is ISizeValidator size)
            (schema.MinItems, schema.MaxItems) = (size.Fewest, size.Most);
        if (rule is IBetweenValidator between)
            (schema.Minimum, schema.Maximum) = (Text(between.From), Text(between.To));
    }

    /// <summary>What bounds a value of its type where no rule does.</summary>
    private static void Bound(OpenApiSchema schema)
    {
        if (schema.Format == "date")
            (schema.MinLength, schema.MaxLength) = (10, 10);
        if (schema.Type == JsonSchemaType.Integer)
            (schema.Minimum, schema.Maximum) = ("0", schema.Format == "int32" ? Text(int.MaxValue) : LargestInteger);
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
