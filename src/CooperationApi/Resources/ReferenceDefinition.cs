using System.Collections;
using System.Reflection;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources;

/// <summary>
/// That a member of a resource's records names other records: `meetingId`, `provinceIds[]`, `participants[].officialId`. The type is theirs; of several
/// (`provinces|organizations`) the one that has the id; without one, the type that stands beside the id.
/// </summary>
internal sealed record ReferenceDefinition(string Member, string? ToType = null)
{
    private readonly string[] path = [.. Member.Split('.').Select(part => part.TrimEnd('[', ']'))];

    /// <summary>Whom a record names here, with the places in the list that the member has or is in.</summary>
    public IEnumerable<ReferenceRow> Extract(Record record)
    {
        var memberValue = GetValue(record, path[0]);
        if (memberValue is null)
            yield break;
        var list = memberValue as IList;
        for (var i = 0; i < (list?.Count ?? 1); i++)
        {
            var element = list is null ? memberValue : list[i]!;
            if ((path.Length == 1 ? element : GetValue(element, path[1])) is string id)
                yield return new(Member, i, ToType ?? (string)GetValue(element, "type")!, id);
        }
    }

    private static object? GetValue(object owner, string member) => PropertyCache.GetProperties(owner.GetType())[member].GetValue(owner);

    private static class PropertyCache
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> Cache = new();

        public static Dictionary<string, PropertyInfo> GetProperties(Type type) => Cache.GetOrAdd(type, static type =>
            type.GetProperties().ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)));
    }
}
