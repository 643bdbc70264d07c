using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Access;

/// <summary>Why somebody isn't let in, as RFC 6750 has it said.</summary>
internal static class Refusal
{
    private const string Realm = "Bearer realm=\"CooperationApi\"";

    /// <summary>Nothing was sent that says who asks.</summary>
    public static ProblemException Missing => new(401, "key_missing") { Headers = [(HeaderNames.WWWAuthenticate, Realm)] };

    /// <summary>What was sent is not good: `key_unknown`, `key_revoked`, `key_expired`, `token_invalid`, `token_expired`.</summary>
    public static ProblemException Invalid(string code) => new(401, code) { Headers = [(HeaderNames.WWWAuthenticate, $"{Realm}, error=\"invalid_token\"")] };

    /// <summary>Who asks is known, but may not do that.</summary>
    public static ProblemException Insufficient(Role needed) => Forbidden("role_insufficient", needed);

    /// <summary>The record names no province of the caller's.</summary>
    public static ProblemException Foreign(IReadOnlySet<string> provinceIds) => Forbidden("province_foreign", Role.Editor, string.Join(", ", provinceIds.Order(StringComparer.Ordinal)));

    /// <summary>A limit is used up for so many seconds.</summary>
    public static ProblemException TooMany(string code, int seconds) =>
        new(429, code) { Headers = [(HeaderNames.RetryAfter, seconds.ToString(CultureInfo.InvariantCulture))] };

    private static ProblemException Forbidden(string code, Role scope, params object[] values) =>
        new(403, code, [.. values, scope.ToString()]) { Headers = [(HeaderNames.WWWAuthenticate, $"{Realm}, error=\"insufficient_scope\", scope=\"{scope}\"")] };
}
