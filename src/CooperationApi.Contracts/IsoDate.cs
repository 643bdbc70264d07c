using System.Globalization;

namespace CooperationApi.Contracts;

/// <summary>Days as they are written everywhere.</summary>
public static class IsoDate
{
    /// <summary>The day as `2019-10-26`.</summary>
    public static string ToIso(this DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
