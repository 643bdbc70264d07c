using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using Microsoft.OpenApi;

namespace CooperationApi.Http;

/// <summary>What the document says of an address and a method.</summary>
internal sealed record OperationDescription(string Id, string Tag, string Summary, string Description)
{
    /// <summary>Words, or a path segment, as a part of a name: `cooperation-groups` as `CooperationGroups`.</summary>
    public static string ToPascalCase(string words) => string.Concat(words.Split('-', ' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The method; whichever isn't GET changes something.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The role that it takes. Null for reading, which is open, or takes a Reader where the service is configured so.</summary>
    public Role? RequiredRole { get; init; }

    /// <summary>The shape of the body that it takes, and an example.</summary>
    public (Type Shape, JsonNode Example)? Body { get; init; }

    /// <summary>What the body may be besides JSON, by media type.</summary>
    public IReadOnlyDictionary<string, OpenApiMediaType> AlternativeBodies { get; init; } = new Dictionary<string, OpenApiMediaType>();

    /// <summary>The body's media type.</summary>
    public string BodyMediaType { get; init; } = "application/json";

    /// <summary>Whether the body is a patch of such a shape.</summary>
    public bool IsPatch { get; init; }

    /// <summary>Whether it takes `If-Match` or `If-None-Match`, and answers as much as is preferred.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether it may also have made what it answers: 201.</summary>
    public bool MayCreate { get; init; }

    /// <summary>The status of success: 200, 201 for what was made, 204 for no answer.</summary>
    public int SuccessStatus { get; init; } = 200;

    /// <summary>What it may be refused with besides what everything may be.</summary>
    public IReadOnlyList<int> ErrorStatuses { get; init; } = [];

    /// <summary>The shape of what is answered; null for no answer.</summary>
    public required Type? ResponseType { get; init; }

    /// <summary>The name of the answer, equal for equal answers, and a real example of it where there is one.</summary>
    public required (string Name, Func<JsonNode?> Value) Example { get; init; }

    /// <summary>Who the parameters that aren't the same everywhere belong to.</summary>
    public string ComponentPrefix { get; init; } = Tag;

    /// <summary>The query parameters.</summary>
    public IReadOnlyList<QueryParameter> Parameters { get; init; } = [];

    /// <summary>An id that the path's `{id}` may be; null where the path has none.</summary>
    public string? PathIdExample { get; init; }

    /// <summary>An id that the path's `{other}` may be; null where the path has none.</summary>
    public string? OtherPathIdExample { get; init; }

    /// <summary>Whether the answer is a page, with a `Link` to the next.</summary>
    public bool IsPage { get; init; }

    /// <summary>Whether the answer comes as a file too: the whole list, in another format than JSON.</summary>
    public bool SupportsFileFormats { get; init; }

    /// <summary>Whether the answer carries its last change's time.</summary>
    public bool HasLastModified { get; init; }
}
