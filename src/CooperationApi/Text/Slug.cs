using System.Text.RegularExpressions;
using CooperationApi.Contracts;

namespace CooperationApi.Text;

/// <summary>The syntax of identifiers.</summary>
internal static partial class Slug
{
    public static bool IsSlug(string text) => text.Length is > 0 and <= Limits.MaxSlugLength && SlugRegex().IsMatch(text);

    /// <summary>The pattern as a source-generated regex.</summary>
    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    public static partial Regex SlugRegex();
}
