using System.Collections;
using System.Reflection;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage;

namespace CooperationApi.Resources;

/// <summary>
/// That a member of a resource's records names other records: `meetingId`, `provinceIds[]`, `participants[].officialId`. The type is theirs; of several
/// (`provinces|organizations`) the one that has the id; without one, the type that stands beside the id.
/// </summary>
internal sealed record Link(string Member, string? ToType = null)
{
    private readonly string[] path = [.. Member.Split('.').Select(part => part.TrimEnd('[', ']'))];

    /// <summary>Whom a record names here, with the places in the list that the member has or is in.</summary>
    public IEnumerable<Reference> Of(Record record)
    {
        var first = Value(record, path[0]);
        if (first is null)
            yield break;
        var list = first as IList;
        for (var i = 0; i < (list?.Count ?? 1); i++)
        {
            var element = list is null ? first : list[i]!;
            if ((path.Length == 1 ? element : Value(element, path[1])) is string id)
                yield return new(Member, i, ToType ?? (string)Value(element, "type")!, id);
        }
    }

    private static object? Value(object owner, string member) => Properties.Of(owner.GetType())[member].GetValue(owner);

    private static class Properties
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> Known = new();

        public static Dictionary<string, PropertyInfo> Of(Type type) => Known.GetOrAdd(type, static type =>
            type.GetProperties().ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)));
    }
}
