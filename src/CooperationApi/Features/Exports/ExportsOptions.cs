using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CooperationApi.Text;

namespace CooperationApi.Features.Exports;

/// <summary>The `Exports` section of the configuration: when exports are built, where they are stored and for how long.</summary>
internal sealed record ExportsOptions : IValidatableObject
{
    /// <summary>Builds an export every day if the data set has changed. If false, exports are built by the command `export` only.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The directory of the exports. Default: `exports` beside the store.</summary>
    public string? Path { get; init; }

    /// <summary>The time of the daily export in Vietnam (UTC+7), `HH:mm`.</summary>
    public string DailyAt { get; init; } = "01:30";

    /// <summary>Days after which an export is deleted; the latest export is always retained.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; init; } = 7;

    /// <summary>Returns the latest scheduled time at or before <paramref name="now"/>.</summary>
    public DateTimeOffset GetLastScheduledTime(DateTimeOffset now)
    {
        var localNow = now.ToOffset(VietnamTime.Offset);
        var scheduledToday = new DateTimeOffset(localNow.Date, VietnamTime.Offset) + DailyTime.ToTimeSpan();
        return scheduledToday <= now ? scheduledToday : scheduledToday.AddDays(-1);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeOnly.TryParseExact(DailyAt, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            yield return new($"DailyAt must be a time such as 01:30: '{DailyAt}'.");
    }

    private TimeOnly DailyTime => TimeOnly.ParseExact(DailyAt, "HH:mm", CultureInfo.InvariantCulture);
}
