namespace CooperationApi.Pages.Charts;

/// <summary>The province units of today, or the 63 units from 1 August 2008 to 30 June 2025.</summary>
public enum ProvinceEra
{
    Current,
    Of2024,
}
