using System.Globalization;

namespace CooperationApi.Contracts;

/// <summary>Formats dates and timestamps in ISO 8601.</summary>
public static class IsoDate
{
    /// <summary>Returns the date as `2019-10-26`.</summary>
    public static string ToIso(this DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Returns the timestamp in UTC as `2019-10-26T08:00:00.000Z`. The texts sort in the order of time.</summary>
    public static string ToIso(this DateTimeOffset timestamp) =>
        timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
