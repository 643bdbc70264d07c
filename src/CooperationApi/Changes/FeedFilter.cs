using System.Text;
using CooperationApi.Resources;

namespace CooperationApi.Changes;

/// <summary>What of the feed is followed: records of some types, and those that name a province, or are it.</summary>
internal sealed class FeedFilter(Catalog catalog, IReadOnlyList<string> types, string? provinceId)
{
    private readonly byte[] name = Encoding.UTF8.GetBytes($"\"{provinceId}\"");

    /// <summary>What a cursor of this filter is bound to.</summary>
    public string Binding { get; } = $"changes\n{string.Join(',', types)}\n{provinceId}";

    /// <summary>Whether records of a type are followed.</summary>
    public bool Has(string type) => types.Count == 0 || types.Contains(type);

    /// <summary>Whether it depends on what a record says if it is followed.</summary>
    public bool LooksInside => provinceId is not null;

    /// <summary>Whether a record of a followed type, in this state, is followed.</summary>
    public bool Fits(string type, ReadOnlySpan<byte> body)
    {
        // Nearly all records that don't name the province don't have its name in them either.
        if (provinceId is null)
            return true;
        if (body.IndexOf(name) < 0)
            return false;
        var resource = catalog[type];
        var record = resource.Read(body);
        return type == Units.Type && record.Id == provinceId
            || resource.Links.SelectMany(link => link.Of(record)).Any(named => named.ToId == provinceId && named.ToType.Split('|').Contains(Units.Type));
    }
}
