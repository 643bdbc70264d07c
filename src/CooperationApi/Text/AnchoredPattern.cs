using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using CooperationApi.Contracts;

namespace CooperationApi.Text;

/// <summary>Compiles patterns that must match a whole text. Each pattern is compiled once.</summary>
internal static class AnchoredPattern
{
    // Most checked texts are identifiers, and the source-generated regex is several times as fast as a non-backtracking one.
    private static readonly ConcurrentDictionary<string, Regex> Compiled =
        new(StringComparer.Ordinal) { [Patterns.Slug] = Slug.SlugRegex() };

    /// <summary>Returns the compiled pattern. In .NET `$` also matches before a final line feed, so it is replaced by `\z`.</summary>
    public static Regex Compile(string pattern) =>
        Compiled.GetOrAdd(pattern, static pattern => new(pattern.TrimEnd('$') + "\\z", RegexOptions.NonBacktracking));
}
