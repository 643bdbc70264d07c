namespace CooperationApi.Access;

/// <summary>The state of an API key.</summary>
internal enum ApiKeyState
{
    Active,
    Revoked,
    Expired,
}
