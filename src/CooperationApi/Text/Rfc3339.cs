using System.Globalization;

namespace CooperationApi.Text;

/// <summary>Parses RFC 3339 timestamps in one form: date, time and offset.</summary>
internal static class Rfc3339
{
    public const string Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$";
    public const string Example = "2026-11-22T15:00:00+07:00";
    public const int MaxLength = 33;

    /// <summary>Returns the timestamp; null if the text is not valid.</summary>
    public static DateTimeOffset? TryParse(string text) =>
        text.Length <= MaxLength && AnchoredPattern.Compile(Pattern).IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var timestamp) ? timestamp : null;
}
