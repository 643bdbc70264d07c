namespace CooperationApi.Text;

/// <summary>The time zone of Vietnam: UTC+7, without daylight saving time.</summary>
internal static class VietnamTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    /// <summary>Returns today's date in Vietnam.</summary>
    public static DateOnly GetToday(this TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(Offset).DateTime);
}
