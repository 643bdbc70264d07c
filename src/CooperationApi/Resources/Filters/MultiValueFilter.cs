using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by comma-separated values. A row matches if it matches one of the values.</summary>
internal abstract record MultiValueFilter(string Name, string Description, string Example, SqlCondition SqlCondition)
    : ListFilter(Name, Description, Example)
{
    /// <summary>The maximum number of values.</summary>
    protected virtual int MaxValues => 50;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = ValueSchema,
        MinItems = 1,
        MaxItems = MaxValues,
    };

    public override JsonNode ExampleNode => new JsonArray([.. Example.Split(',').Select(value => JsonValue.Create(value))]);

    /// <summary>The schema of one value.</summary>
    protected abstract OpenApiSchema ValueSchema { get; }

    /// <summary>The condition of as-of queries; null if it is the same.</summary>
    public SqlCondition? AsOf { get; init; }

    /// <summary>
    /// Parses the values. Each value becomes one SQL parameter, because list parameters differ between database providers.
    /// </summary>
    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        var values = text.Split(',');
        if (values.Length > MaxValues)
            errors.Add(new("too_many_values", values.Length, MaxValues) { Parameter = Name });
        var valueErrors =
            values.Take(MaxValues).Select(FindError).OfType<RequestError>().Select(error => error with { Parameter = Name }).ToList();
        valueErrors.ForEach(errors.Add);
        if (valueErrors.Count > 0 || values.Length > MaxValues)
            return null;
        var parameters = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select((value, i) => (Name: $"{Name}{i}", Value: value)).ToList();
        var placeholders = string.Join(", ", parameters.Select(parameter => "@" + parameter.Name));
        return WithRequiredRecords(
            new(SqlCondition.WithValues(placeholders),
                parameters.ToDictionary(parameter => parameter.Name, parameter => (object)parameter.Value))
            { AsOf = AsOf?.WithValues(placeholders) });
    }

    /// <summary>Returns the error of a value; null if the value is valid.</summary>
    protected abstract RequestError? FindError(string value);

    /// <summary>Adds the records that must exist.</summary>
    protected virtual AppliedFilter WithRequiredRecords(AppliedFilter filter) => filter;
}
