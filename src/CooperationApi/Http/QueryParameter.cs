using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>A query parameter as the document describes it: what is published here is what is enforced beside it.</summary>
internal abstract record QueryParameter(string Name, string Description, string Example)
{
    /// <summary>The type, pattern, range and length that are enforced.</summary>
    public abstract OpenApiSchema Schema { get; }

    /// <summary>Whether a request without it is refused.</summary>
    public virtual bool IsRequired => false;

    /// <summary>Whether it means something else for each owner that has it, and not the same everywhere.</summary>
    public virtual bool IsScopedToOwner => false;

    /// <summary>The example as JSON.</summary>
    public virtual JsonNode ExampleNode => JsonValue.Create(Example);
}
