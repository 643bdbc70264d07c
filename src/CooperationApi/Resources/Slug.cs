using System.Text.RegularExpressions;

namespace CooperationApi.Resources;

/// <summary>The form of every identifier.</summary>
internal static partial class Slug
{
    public const string Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxLength = 100;

    public static bool IsSlug(string text) => text.Length is > 0 and <= MaxLength && Form().IsMatch(text);

    /// <summary>The pattern, compiled with the program.</summary>
    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    public static partial Regex Form();
}
