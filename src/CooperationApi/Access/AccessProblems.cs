using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Access;

/// <summary>The problems of authentication, authorization and rate limits, with the headers of RFC 6750.</summary>
internal static class AccessProblems
{
    private const string BearerChallenge = "Bearer realm=\"CooperationApi\"";

    /// <summary>The request has no credentials.</summary>
    public static ProblemException MissingKey => new(401, "key_missing") { Headers = [(HeaderNames.WWWAuthenticate, BearerChallenge)] };

    /// <summary>The credentials are invalid: `key_invalid`, `key_revoked`, `key_expired`, `token_invalid`, `token_expired`.</summary>
    public static ProblemException InvalidCredential(string code) =>
        new(401, code) { Headers = [(HeaderNames.WWWAuthenticate, $"{BearerChallenge}, error=\"invalid_token\"")] };

    /// <summary>The caller's role is too low.</summary>
    public static ProblemException InsufficientRole(Role requiredRole) => Forbidden("role_insufficient", requiredRole);

    /// <summary>The record refers to none of the caller's provinces.</summary>
    public static ProblemException OutsideProvinces(IReadOnlySet<string> provinceIds) =>
        Forbidden("province_forbidden", Role.Editor, string.Join(", ", provinceIds.Order(StringComparer.Ordinal)));

    /// <summary>A limit is exceeded until the given number of seconds has passed.</summary>
    public static ProblemException TooManyRequests(string code, int retryAfterSeconds) =>
        new(429, code) { Headers = [(HeaderNames.RetryAfter, retryAfterSeconds.ToString(CultureInfo.InvariantCulture))] };

    private static ProblemException Forbidden(string code, Role scope, params object[] values) =>
        new(403, code, [.. values, scope.ToString()])
        { Headers = [(HeaderNames.WWWAuthenticate, $"{BearerChallenge}, error=\"insufficient_scope\", scope=\"{scope}\"")] };
}
