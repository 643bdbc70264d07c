using System.Globalization;

namespace CooperationApi.Resources;

/// <summary>A moment as requests write it: date, time and offset, in one spelling.</summary>
internal static class Moment
{
    public const string Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$";
    public const int MaxLength = 33;

    /// <summary>The moment; null for any other text.</summary>
    public static DateTimeOffset? Read(string text) =>
        text.Length <= MaxLength && Rules.Form(Pattern).IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
}
