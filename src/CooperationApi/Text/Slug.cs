using System.Text.RegularExpressions;
using CooperationApi.Contracts;

namespace CooperationApi.Text;

/// <summary>The syntax of identifiers.</summary>
internal static partial class Slug
{
    public static bool IsSlug(string text) => text.Length is > 0 and <= Limits.MaxSlugLength && SlugRegex().IsMatch(text);

    /// <summary>Returns the identifier that the words of a text form: `thai-binh` for `Thái Bình`; null if they form none.</summary>
    public static string? FromText(string text) =>
        string.Join('-', TextFolding.FindWords(text).Select(word => word.Folded)) is var slug && IsSlug(slug) ? slug : null;

    /// <summary>The pattern as a source-generated regex.</summary>
    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    public static partial Regex SlugRegex();
}
