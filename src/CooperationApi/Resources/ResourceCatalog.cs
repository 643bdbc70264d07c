using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources;

/// <summary>The resources, in the order of lists and imports.</summary>
internal sealed class ResourceCatalog
{
    private readonly Dictionary<string, Resource> resourcesByType;

    public ResourceCatalog(params IReadOnlyList<Resource> resources)
    {
        All = resources;
        resourcesByType = resources.ToDictionary(resource => resource.Type, StringComparer.Ordinal);
        foreach (var resource in resources)
            resource.Catalog = this;
    }

    public IReadOnlyList<Resource> All { get; }

    /// <summary>The names of the types.</summary>
    public IReadOnlyList<string> Types => field ??= [.. All.Select(resource => resource.Type)];

    /// <summary>Returns the resource of a type; null if the type is unknown.</summary>
    public Resource? Find(string type) => resourcesByType.GetValueOrDefault(type);

    /// <summary>Creates the upsert that would write a stored record again.</summary>
    public RecordUpsert ToUpsert(string type, byte[] body) => this[type].ToUpsert(this[type].Deserialize(body));

    /// <summary>Returns the resource of a known type. Throws <see cref="ArgumentException"/> if the type is unknown.</summary>
    public Resource this[string type] => Find(type) ?? throw new ArgumentException($"Unknown resource '{type}'.", nameof(type));
}
