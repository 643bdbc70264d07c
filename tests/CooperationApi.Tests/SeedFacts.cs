namespace CooperationApi.Tests;

/// <summary>Ids of the seed data about the conference of 26 October 2019.</summary>
internal static class SeedFacts
{
    public const string SourceId = "ha-noi-thai-binh-2019-10-26";
    public const string Date = "2019-10-26";
    public const string ConferenceId = "hoi-nghi-ha-noi-thai-binh-2019-10-26";
    public const string AgreementId = "noi-dung-hop-tac-ha-noi-thai-binh-2019";
}
