using System.Text;
using CooperationApi.Queries;
using CooperationApi.Resources;

namespace CooperationApi.Features.Changes;

/// <summary>What of the feed is followed: records of some types, and those that name a province, or are it.</summary>
internal sealed class FeedFilter(ResourceCatalog catalog, IReadOnlyList<string> types, string? provinceId)
{
    private readonly byte[] quotedProvinceId = Encoding.UTF8.GetBytes($"\"{provinceId}\"");

    /// <summary>What a cursor of this filter is bound to.</summary>
    public string CursorScope { get; } = $"changes\n{string.Join(',', types)}\n{provinceId}";

    /// <summary>Whether records of a type are followed.</summary>
    public bool IncludesType(string type) => types.Count == 0 || types.Contains(type);

    /// <summary>Whether it depends on what a record says if it is followed.</summary>
    public bool DependsOnContent => provinceId is not null;

    /// <summary>Whether a record of a followed type, in this state, is followed.</summary>
    public bool Matches(string type, ReadOnlySpan<byte> body)
    {
        // Nearly all records that don't name the province don't have its name in them either.
        if (provinceId is null)
            return true;
        if (body.IndexOf(quotedProvinceId) < 0)
            return false;
        var resource = catalog[type];
        var record = resource.Deserialize(body);
        return type == ProvinceLineage.ResourceType && record.Id == provinceId
            || resource.References.SelectMany(definition => definition.Extract(record)).Any(reference => reference.ToId == provinceId && reference.ToType.Split('|').Contains(ProvinceLineage.ResourceType));
    }
}
