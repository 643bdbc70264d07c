using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CooperationApi.Exports;

/// <summary>When exports are made and where they are kept: the `Exports` section of the configuration.</summary>
internal sealed record ExportOptions : IValidatableObject
{
    // Days begin where the provinces are.
    private static readonly TimeSpan VietnamOffset = TimeSpan.FromHours(7);

    /// <summary>Their folder. By default `exports`, beside the store.</summary>
    public string? Path { get; init; }

    /// <summary>When one is made every day, in Vietnam's time, if anything has changed; empty for never by itself.</summary>
    public string At { get; init; } = "01:30";

    /// <summary>For how many days one is kept, the latest apart.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; init; } = 7;

    /// <summary>Whether they are made by themselves.</summary>
    public bool AreScheduled => At.Length > 0;

    /// <summary>The last moment up to now at which one was due.</summary>
    public DateTimeOffset LastDue(DateTimeOffset now)
    {
        var there = now.ToOffset(VietnamOffset);
        var today = new DateTimeOffset(there.Date, VietnamOffset) + Time.ToTimeSpan();
        return today <= now ? today : today.AddDays(-1);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AreScheduled && !TimeOnly.TryParseExact(At, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            yield return new($"At is no time of day such as 01:30: '{At}'.");
    }

    private TimeOnly Time => TimeOnly.ParseExact(At, "HH:mm", CultureInfo.InvariantCulture);
}
