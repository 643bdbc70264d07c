namespace CooperationApi.Tests;

/// <summary>Ids of the founding content: the conference of 26 October 2019 and what its report says.</summary>
internal static class Founding
{
    public const string Source = "ha-noi-thai-binh-2019-10-26";
    public const string Day = "2019-10-26";
    public const string Conference = "hoi-nghi-ha-noi-thai-binh-2019-10-26";
    public const string Agreement = "noi-dung-hop-tac-ha-noi-thai-binh-2019";
}
