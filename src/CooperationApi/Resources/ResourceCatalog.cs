using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources;

/// <summary>All resources, in the order in which they are listed and imported.</summary>
internal sealed class ResourceCatalog(params IReadOnlyList<Resource> resources)
{
    public IReadOnlyList<Resource> All => field ??= [.. resources.Select(resource => resource.AttachTo(this))];

    /// <summary>The names of the types.</summary>
    public IReadOnlyList<string> Types { get; } = [.. resources.Select(resource => resource.Type)];

    /// <summary>The resource of a type, if there is one.</summary>
    public Resource? Find(string type) => ByType.GetValueOrDefault(type);

    private Dictionary<string, Resource> ByType => field ??= All.ToDictionary(resource => resource.Type, StringComparer.Ordinal);

    /// <summary>The receipt by which a record that is kept would be written now.</summary>
    public RecordUpsert ToUpsert(string type, byte[] body) => this[type].ToUpsert(this[type].Deserialize(body));

    /// <summary>The resource of a type that is known to be there.</summary>
    public Resource this[string type] => Find(type) ?? throw new ArgumentException($"There is no resource '{type}'.", nameof(type));
}
