using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Features.Changes;

/// <summary>How often the service checks itself: the `Mirror` section of the configuration.</summary>
internal sealed record SelfCheckOptions
{
    /// <summary>How many minutes lie between two checks; 0 for none.</summary>
    [Range(0, 100_000)]
    public int IntervalMinutes { get; init; } = 60;
}
