using System.Text.RegularExpressions;

namespace CooperationApi.Http;

/// <summary>The form of secrets, by which one is recognised that has got where it must not be: into an address, into a log.</summary>
internal static partial class KeyText
{
    /// <summary>What every key of this service begins with: `coop_`, its id, `_`, its secret.</summary>
    public const string Prefix = "coop_";

    // In the tokens of an identity provider: two JSON objects in Base64 with a dot between. A cursor has one such object, but no dot.
    private const string TokenMiddle = ".eyJ";

    // A part of one is as telling as the whole.
    private static bool IsIn(ReadOnlySpan<char> text) =>
        (text.Contains(Prefix, StringComparison.Ordinal) || text.Contains(TokenMiddle, StringComparison.Ordinal)) && Form().IsMatch(text);

    /// <summary>The id of the key that stands in the text, empty for a token or a part of a key; null if none does.</summary>
    public static string? IdIn(ReadOnlySpan<char> text)
    {
        if (!IsIn(text))
            return null;
        foreach (var found in Form().EnumerateMatches(text))
        {
            var parts = text.Slice(found.Index, found.Length).ToString().Split('_', 3);
            return parts is ["coop", var id, _] ? id : "";
        }
        return null;
    }

    /// <summary>The text, with a dot for each secret. A key's id stays, so that whoever reads it knows which to revoke.</summary>
    public static string Hidden(string text) => IsIn(text) ? Form().Replace(text, "${known}…") : text;

    [GeneratedRegex(@"(?<known>coop_[a-z0-9]{1,20}_)[A-Za-z0-9_-]{8,}|(?<known>eyJ)[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
