using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources;

/// <summary>The resources, in the order of lists and imports.</summary>
internal sealed class ResourceCatalog(params IReadOnlyList<Resource> resources)
{
    public IReadOnlyList<Resource> All => field ??= [.. resources.Select(resource => resource.AttachTo(this))];

    /// <summary>The names of the types.</summary>
    public IReadOnlyList<string> Types { get; } = [.. resources.Select(resource => resource.Type)];

    /// <summary>Returns the resource of a type; null if the type is unknown.</summary>
    public Resource? Find(string type) => ByType.GetValueOrDefault(type);

    private Dictionary<string, Resource> ByType => field ??= All.ToDictionary(resource => resource.Type, StringComparer.Ordinal);

    /// <summary>Creates the upsert that would write a stored record again.</summary>
    public RecordUpsert ToUpsert(string type, byte[] body) => this[type].ToUpsert(this[type].Deserialize(body));

    /// <summary>Returns the resource of a known type. Throws <see cref="ArgumentException"/> if the type is unknown.</summary>
    public Resource this[string type] => Find(type) ?? throw new ArgumentException($"Unknown resource '{type}'.", nameof(type));
}
