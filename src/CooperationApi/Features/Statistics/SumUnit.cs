namespace CooperationApi.Features.Statistics;

/// <summary>The unit of a sum: a currency, a unit of quantity, or, with neither, the contributions themselves.</summary>
internal readonly record struct SumUnit(string? Currency, string? Unit);
