using System.Text.RegularExpressions;

namespace CooperationApi.Http;

/// <summary>The form of secrets, by which one is recognised that has got where it must not be: into an address, into a log.</summary>
internal static partial class SecretScrubber
{
    /// <summary>What every key of this service begins with: `coop_`, its id, `_`, its secret.</summary>
    public const string KeyPrefix = "coop_";

    // In the tokens of an identity provider: two JSON objects in Base64 with a dot between. A cursor has one such object, but no dot.
    private const string JwtPayloadStart = ".eyJ";

    // A part of one is as telling as the whole.
    private static bool ContainsSecret(ReadOnlySpan<char> text) =>
        (text.Contains(KeyPrefix, StringComparison.Ordinal) || text.Contains(JwtPayloadStart, StringComparison.Ordinal)) && SecretPattern().IsMatch(text);

    /// <summary>The id of the key that stands in the text, empty for a token or a part of a key; null if none does.</summary>
    public static string? FindKeyId(ReadOnlySpan<char> text)
    {
        if (!ContainsSecret(text))
            return null;
        foreach (var match in SecretPattern().EnumerateMatches(text))
        {
            var parts = text.Slice(match.Index, match.Length).ToString().Split('_', 3);
            return parts is ["coop", var id, _] ? id : "";
        }
        return null;
    }

    /// <summary>The text, with a dot for each secret. A key's id stays, so that whoever reads it knows which to revoke.</summary>
    public static string Scrub(string text) => ContainsSecret(text) ? SecretPattern().Replace(text, "${known}…") : text;

    [GeneratedRegex(@"(?<known>coop_[a-z0-9]{1,20}_)[A-Za-z0-9_-]{8,}|(?<known>eyJ)[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", RegexOptions.NonBacktracking)]
    private static partial Regex SecretPattern();
}
