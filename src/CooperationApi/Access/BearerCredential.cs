namespace CooperationApi.Access;

/// <summary>The credential in the `Authorization` header: an API key or a token.</summary>
internal static class BearerCredential
{
    private const string Prefix = "Bearer ";

    /// <summary>Returns the credential; an empty string without a header, with several headers, or for another scheme.</summary>
    public static string Read(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Prefix.Length..]
            : "";

    /// <summary>Returns true for the form of a JWT: three parts, separated by dots.</summary>
    public static bool IsToken(string credential) => credential.Count(character => character == '.') == 2;
}

/// <summary>
/// The reason why a credential is invalid: `key_invalid`, `key_revoked`, `key_expired`, `token_invalid`, `token_expired`, `role_missing`.
/// </summary>
internal sealed class InvalidCredentialException(string code) : Exception
{
    public string Code => code;
}
