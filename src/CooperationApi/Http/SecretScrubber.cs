using System.Text.RegularExpressions;

namespace CooperationApi.Http;

/// <summary>Finds API keys and tokens by their form in places where they must not be: URLs and logs.</summary>
internal static partial class SecretScrubber
{
    /// <summary>The prefix of every API key of this service. A key is `coop_`, its id, `_` and its secret.</summary>
    public const string KeyPrefix = "coop_";

    // Part of every JWT: two Base64 JSON objects joined by a dot. A cursor has one such object and no dot.
    private const string JwtPayloadStart = ".eyJ";

    // A part of a secret also matches: it is as sensitive as the whole.
    private static bool ContainsSecret(ReadOnlySpan<char> text) =>
        (text.Contains(KeyPrefix, StringComparison.Ordinal) || text.Contains(JwtPayloadStart, StringComparison.Ordinal))
            && SecretPattern().IsMatch(text);

    /// <summary>Returns the id of the API key in the text, an empty string for a token, or null if the text has no secret.</summary>
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

    /// <summary>Replaces each secret with `…`. The id of an API key remains, to show which key to revoke.</summary>
    public static string Scrub(string text) => ContainsSecret(text) ? SecretPattern().Replace(text, "${prefix}…") : text;

    [GeneratedRegex(
        @"(?<prefix>coop_[a-z0-9]{1,20}_)[A-Za-z0-9_-]{8,}|(?<prefix>eyJ)[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        RegexOptions.NonBacktracking)]
    private static partial Regex SecretPattern();
}
