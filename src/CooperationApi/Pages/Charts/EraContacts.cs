using CooperationApi.Features.Statistics;

namespace CooperationApi.Pages.Charts;

/// <summary>The numbers of records of the province units of an era, and of their pairs.</summary>
public sealed record EraContacts(ProvinceEra Era, ProvinceContacts Contacts)
{
    /// <summary>Returns the number of records of a unit.</summary>
    public long Count(string provinceId) => Contacts.Units.GetValueOrDefault(provinceId);
}
