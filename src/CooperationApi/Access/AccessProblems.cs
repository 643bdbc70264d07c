using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Access;

/// <summary>Why somebody isn't let in, as RFC 6750 has it said.</summary>
internal static class AccessProblems
{
    private const string BearerChallenge = "Bearer realm=\"CooperationApi\"";

    /// <summary>Nothing was sent that says who asks.</summary>
    public static ProblemException MissingKey => new(401, "key_missing") { Headers = [(HeaderNames.WWWAuthenticate, BearerChallenge)] };

    /// <summary>What was sent is not good: `key_invalid`, `key_revoked`, `key_expired`, `token_invalid`, `token_expired`.</summary>
    public static ProblemException InvalidCredential(string code) => new(401, code) { Headers = [(HeaderNames.WWWAuthenticate, $"{BearerChallenge}, error=\"invalid_token\"")] };

    /// <summary>Who asks is known, but may not do that.</summary>
    public static ProblemException InsufficientRole(Role requiredRole) => Forbidden("role_insufficient", requiredRole);

    /// <summary>The record names no province of the caller's.</summary>
    public static ProblemException OutsideProvinces(IReadOnlySet<string> provinceIds) => Forbidden("province_forbidden", Role.Editor, string.Join(", ", provinceIds.Order(StringComparer.Ordinal)));

    /// <summary>A limit is used up for so many seconds.</summary>
    public static ProblemException TooManyRequests(string code, int retryAfterSeconds) =>
        new(429, code) { Headers = [(HeaderNames.RetryAfter, retryAfterSeconds.ToString(CultureInfo.InvariantCulture))] };

    private static ProblemException Forbidden(string code, Role scope, params object[] values) =>
        new(403, code, [.. values, scope.ToString()]) { Headers = [(HeaderNames.WWWAuthenticate, $"{BearerChallenge}, error=\"insufficient_scope\", scope=\"{scope}\"")] };
}
