using System.Globalization;

namespace CooperationApi.Contracts;

/// <summary>Days and moments as they are written everywhere.</summary>
public static class IsoDate
{
    /// <summary>The day as `2019-10-26`.</summary>
    public static string ToIso(this DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The moment as `2019-10-26T08:00:00.000Z`: in UTC, and in the order of the text.</summary>
    public static string ToIso(this DateTimeOffset timestamp) => timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
