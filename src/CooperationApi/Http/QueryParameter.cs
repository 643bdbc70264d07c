using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>
/// The description of a query parameter. Each derived type also parses it, so documentation and validation are in one place.
/// </summary>
internal abstract record QueryParameter(string Name, string Description, string Example)
{
    /// <summary>The schema with the type, pattern, range and length that the parser enforces.</summary>
    public abstract OpenApiSchema Schema { get; }

    /// <summary>True if a request without the parameter is rejected.</summary>
    public virtual bool IsRequired => false;

    /// <summary>True if the definition differs between operations, so the component name has a prefix.</summary>
    public virtual bool IsScopedToOwner => false;

    /// <summary>The example as JSON.</summary>
    public virtual JsonNode ExampleNode => JsonValue.Create(Example);
}
