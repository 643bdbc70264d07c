using System.Text.RegularExpressions;

namespace CooperationApi.Text;

/// <summary>The syntax of identifiers.</summary>
internal static partial class Slug
{
    public const string Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxLength = 100;

    public static bool IsSlug(string text) => text.Length is > 0 and <= MaxLength && SlugRegex().IsMatch(text);

    /// <summary>The pattern as a source-generated regex.</summary>
    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    public static partial Regex SlugRegex();
}
