namespace CooperationApi.Features.Statistics;

/// <summary>What is added up: money of a currency, or things of a unit, or with neither the contributions themselves.</summary>
internal readonly record struct SumUnit(string Currency, string Unit);
