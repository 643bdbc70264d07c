using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Resources;

/// <summary>
/// Declares a member of a resource that holds references: `meetingId`, `provinceIds[]`, `participants[].officialId`. <see cref="ToType"/>
/// is the type of the referenced records. Of several types (`provinces|organizations`), the one that has the id applies. If null, the
/// member `type` beside the id applies. <see cref="ExpansionName"/> is the name in `expand`, and the member that holds the related
/// records in the response: `meeting`, `provinces`, `participants.official`. If null, the reference cannot be expanded.
/// </summary>
internal sealed record ReferenceDefinition(string Member, string? ToType = null, string? ExpansionName = null)
{
    /// <summary>The sources that a record cites.</summary>
    public static readonly ReferenceDefinition Citation = new("citations[].sourceId", ResourceTypes.Sources, "citations.source");

    private static readonly ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> PropertyCache = new();

    /// <summary>
    /// True if the reference means the same in both directions. Other references to records of the same type must not form cycles.
    /// </summary>
    public bool IsSymmetric { get; init; }

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
            {
                yield return new(Member, i, ToType ?? (string)GetValue(element, "type")!, id)
                {
                    Basis = (element as Citation)?.Basis.ToString(),
                    IsSymmetric = IsSymmetric,
                };
            }
        }
    }

    private static object? GetValue(object owner, string member) => PropertyCache.GetOrAdd(owner.GetType(), static type =>
        type.GetProperties().ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)))[member].GetValue(owner);
}
