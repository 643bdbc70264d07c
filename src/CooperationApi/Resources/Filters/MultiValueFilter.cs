using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter that takes several values, joined by commas; a row that fits one of them fits.</summary>
internal abstract record MultiValueFilter(string Name, string Description, string Example, SqlCondition SqlCondition) : ListFilter(Name, Description, Example)
{
    /// <summary>How many values are taken at once.</summary>
    protected virtual int MaxValues => 50;

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.Array,
        Items = ValueSchema,
        MinItems = 1,
        MaxItems = MaxValues,
    };

    public override JsonNode ExampleNode => new JsonArray([.. Example.Split(',').Select(value => JsonValue.Create(value))]);

    /// <summary>The type of one value.</summary>
    protected abstract OpenApiSchema ValueSchema { get; }

    /// <summary>What it asks of rows as they were on a date, if that is something else.</summary>
    public SqlCondition? AsOf { get; init; }

    /// <summary>The predicate with one name per value: providers don't agree on lists.</summary>
    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        var values = text.Split(',');
        if (values.Length > MaxValues)
            errors.Add(new("too_many_values", values.Length, MaxValues) { Parameter = Name });
        var valueErrors = values.Take(MaxValues).Select(FindError).OfType<RequestError>().Select(error => error with { Parameter = Name }).ToList();
        valueErrors.ForEach(errors.Add);
        if (valueErrors.Count > 0 || values.Length > MaxValues)
            return null;
        var parameters = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select((value, i) => ($"{Name}{i}", value)).ToList();
        var placeholders = string.Join(", ", parameters.Select(pair => "@" + pair.Item1));
        return WithRequiredRecords(new(SqlCondition.WithValues(placeholders), parameters.ToDictionary(pair => pair.Item1, pair => (object)pair.value)) { AsOf = AsOf?.WithValues(placeholders) });
    }

    /// <summary>What is wrong with one value, if anything.</summary>
    protected abstract RequestError? FindError(string value);

    /// <summary>Adds what the condition takes for granted.</summary>
    protected virtual AppliedFilter WithRequiredRecords(AppliedFilter filter) => filter;
}
