using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Editing;

/// <summary>Whose records an Editor who is bound to provinces may write.</summary>
internal static class Territory
{
    /// <summary>Refuses who may not write the record as it stands, or as it is to stand: 403. What stays as it stands is not written.</summary>
    public static void Demand(this Caller by, Resource resource, Standing? standing, Receipt? becomes)
    {
        if (by.Provinces is null || standing is not null && becomes is Changed same && same.Body.Is(standing))
            return;
        if (standing is not null)
            by.Demand(ProvincesOf(resource.Change(resource.Read(standing.Body))));
        // A source is nobody's in particular, and everybody needs one to cite.
        if (becomes is Changed changed && !(standing is null && resource.RecordType == typeof(Source)))
            by.Demand(ProvincesOf(changed));
    }

    private static IEnumerable<string> ProvincesOf(Changed record) => record.References.Where(reference => reference.ToType.Split('|').Contains("provinces"))
        .Select(reference => reference.ToId).Concat(record.Type == "provinces" ? [record.Id] : Array.Empty<string>());
}
