using System.Text.RegularExpressions;

namespace CooperationApi.Resources;

/// <summary>The form of every identifier.</summary>
internal static partial class Slug
{
    public const string Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxLength = 100;

    public static bool IsSlug(string text) => text.Length is > 0 and <= MaxLength && Form().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Form();
}
