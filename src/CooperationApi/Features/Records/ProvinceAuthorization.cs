using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Records;

/// <summary>Authorizes the writes of Editors that are bound to provinces.</summary>
internal static class ProvinceAuthorization
{
    /// <summary>
    /// Throws 403 if the caller may not write the stored record or the changed record. An unchanged record needs no permission.
    /// </summary>
    public static void EnsureCanWriteRecord(this Caller caller, Resource resource, StoredRecord? stored, RecordChange? change)
    {
        if (caller.Provinces is null || stored is not null && change is RecordUpsert unchanged && unchanged.Body.Matches(stored))
            return;
        if (stored is not null)
            caller.EnsureCanWrite(GetProvinceIds(resource.ToUpsert(resource.Deserialize(stored.Body))));
        // A new source needs no permission: sources belong to no province, and every editor cites sources.
        if (change is RecordUpsert upsert && !(stored is null && resource.RecordType == typeof(Source)))
            caller.EnsureCanWrite(GetProvinceIds(upsert));
    }

    private static IEnumerable<string> GetProvinceIds(RecordUpsert upsert) =>
        upsert.References.Where(reference => reference.CanReferTo(ResourceTypes.Provinces)).Select(reference => reference.ToId)
            .Concat(upsert.Type == ResourceTypes.Provinces ? [upsert.Id] : Array.Empty<string>());
}
