using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Records;

/// <summary>Whose records an Editor who is bound to provinces may write.</summary>
internal static class ProvinceAuthorization
{
    /// <summary>Refuses who may not write the record as it stands, or as it is to stand: 403. What stays as it stands is not written.</summary>
    public static void EnsureCanWriteRecord(this Caller caller, Resource resource, StoredRecord? stored, RecordChange? change)
    {
        if (caller.Provinces is null || stored is not null && change is RecordUpsert unchanged && unchanged.Body.Matches(stored))
            return;
        if (stored is not null)
            caller.EnsureCanWrite(GetProvinceIds(resource.ToUpsert(resource.Deserialize(stored.Body))));
        // A source is nobody's in particular, and everybody needs one to cite.
        if (change is RecordUpsert upsert && !(stored is null && resource.RecordType == typeof(Source)))
            caller.EnsureCanWrite(GetProvinceIds(upsert));
    }

    private static IEnumerable<string> GetProvinceIds(RecordUpsert upsert) => upsert.References.Where(reference => reference.ToType.Split('|').Contains("provinces"))
        .Select(reference => reference.ToId).Concat(upsert.Type == "provinces" ? [upsert.Id] : Array.Empty<string>());
}
