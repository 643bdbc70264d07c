using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Features.Changes;

/// <summary>The `SelfCheck` section of the configuration: the interval of the self-check.</summary>
internal sealed record SelfCheckOptions
{
    /// <summary>Minutes between two checks; 0 disables the self-check.</summary>
    [Range(0, 100_000)]
    public int IntervalMinutes { get; init; } = 60;
}
