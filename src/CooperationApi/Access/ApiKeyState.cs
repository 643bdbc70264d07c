namespace CooperationApi.Access;

/// <summary>Whether a key opens.</summary>
internal enum ApiKeyState
{
    Active,
    Revoked,
    Expired,
}
