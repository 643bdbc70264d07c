using System.Globalization;

namespace CooperationApi.Text;

/// <summary>A moment as requests write it: date, time and offset, in one spelling.</summary>
internal static class Rfc3339
{
    public const string Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$";
    public const int MaxLength = 33;

    /// <summary>The moment; null for any other text.</summary>
    public static DateTimeOffset? TryParse(string text) =>
        text.Length <= MaxLength && AnchoredPattern.Compile(Pattern).IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var timestamp) ? timestamp : null;
}
