using System.Collections;
using System.Reflection;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources;

/// <summary>
/// Declares a member of a resource that holds references: `meetingId`, `provinceIds[]`, `participants[].officialId`. <see cref="ToType"/>
/// is the type of the referenced records. Of several types (`provinces|organizations`), the one that has the id applies. If null, the
/// member `type` beside the id applies.
/// </summary>
internal sealed record ReferenceDefinition(string Member, string? ToType = null)
{
    private readonly string[] path = [.. Member.Split('.').Select(part => part.TrimEnd('[', ']'))];

    /// <summary>
    /// Returns the references of a record in this member, each with its index in the list that the member is or belongs to.
    /// </summary>
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
