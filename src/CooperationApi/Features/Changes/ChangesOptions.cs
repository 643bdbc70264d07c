using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Features.Changes;

/// <summary>How long changes are kept: the `Changes` section of the configuration.</summary>
internal sealed record ChangesOptions
{
    /// <summary>For how many days every change is kept; of what lies further back, the newest of each record. 0 for all, for ever.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; init; }
}
