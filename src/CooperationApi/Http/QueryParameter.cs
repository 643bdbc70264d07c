using System.Globalization;
using System.Text.Json.Nodes;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>
/// The description of a query parameter. Each derived type also reads it, so documentation and validation are in one place.
/// </summary>
internal abstract record QueryParameter(string Name, string Description, string Example)
{
    /// <summary>The schema with the type, pattern, range and length that the parser enforces.</summary>
    public abstract OpenApiSchema Schema { get; }

    /// <summary>True if a request without the parameter is rejected.</summary>
    public virtual bool IsRequired => false;

    /// <summary>True if the definition differs between operations, so the component name has a prefix.</summary>
    public virtual bool IsScopedToOwner { get; init; }

    /// <summary>The example as JSON.</summary>
    public virtual JsonNode ExampleNode => JsonValue.Create(Example);

    /// <summary>Returns the value if it is one of the allowed values. Adds an error and returns null for another value.</summary>
    protected string? ReadOneOf(QueryValues values, IReadOnlyList<string> allowedValues)
    {
        if (values[Name] is not { } text || allowedValues.Contains(text))
            return values[Name];
        values.Errors.Add(RequestError.NotOneOf("not_allowed", text, allowedValues) with { Parameter = Name });
        return null;
    }

    /// <summary>
    /// Parses an integer in a range. Adds an error and returns null for text that is not an integer or is out of range.
    /// </summary>
    protected long? ParseInteger(string text, long minimum, long maximum, ICollection<RequestError> errors, bool allowsMinus = false)
    {
        // long.TryParse accepts `+1`, and fails for `1e3` as it does for an integer out of range.
        var digits = text.AsSpan(allowsMinus && text[0] == '-' ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            errors.Add(new("invalid_integer", text) { Parameter = Name });
        else if (!long.TryParse(text, CultureInfo.InvariantCulture, out var value) || value < minimum || value > maximum)
            errors.Add(new("out_of_range", text, minimum, maximum) { Parameter = Name });
        else
            return value;
        return null;
    }
}
