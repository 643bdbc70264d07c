using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Features.Changes;

/// <summary>The `Changes` section of the configuration: the retention of changes.</summary>
internal sealed record ChangesOptions
{
    /// <summary>
    /// Days for which every change is retained. Of older changes, only the newest of each record is retained. 0 retains all changes.
    /// </summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; init; }
}
