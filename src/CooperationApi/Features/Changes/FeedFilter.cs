using System.Text;
using CooperationApi.Resources;

namespace CooperationApi.Features.Changes;

/// <summary>The filter of a feed request: records of some types, and records that refer to a province or are this province.</summary>
internal sealed class FeedFilter(ResourceCatalog catalog, IReadOnlyList<string> types, string? provinceId)
{
    private readonly byte[] quotedProvinceId = Encoding.UTF8.GetBytes($"\"{provinceId}\"");

    /// <summary>The scope to which cursors of this filter are bound.</summary>
    public string CursorScope { get; } = $"changes\n{string.Join(',', types)}\n{provinceId}";

    /// <summary>True if the filter includes records of the type.</summary>
    public bool IncludesType(string type) => types.Count == 0 || types.Contains(type);

    /// <summary>True if the filter includes all records.</summary>
    public bool IncludesAll => types.Count == 0 && provinceId is null;

    /// <summary>True if the filter depends on the content of a record.</summary>
    public bool DependsOnContent => provinceId is not null;

    /// <summary>True if the filter includes a record of an included type with this body.</summary>
    public bool Matches(string type, ReadOnlySpan<byte> body)
    {
        // Nearly all records without a reference to the province do not contain its id at all, so they need not be deserialized.
        if (provinceId is null)
            return true;
        if (body.IndexOf(quotedProvinceId) < 0)
            return false;
        var resource = catalog[type];
        var record = resource.Deserialize(body);
        return type == ResourceTypes.Provinces && record.Id == provinceId
            || resource.References.SelectMany(definition => definition.Extract(record))
                .Any(reference => reference.ToId == provinceId && reference.CanReferTo(ResourceTypes.Provinces));
    }
}
