namespace CooperationApi.Contracts;

/// <summary>The roles of a caller. Each role includes the permissions of the roles before it.</summary>
public enum Role
{
    /// <summary>Reads records, if the service requires a key for reading.</summary>
    Reader,

    /// <summary>Adds and corrects records: all, or those of some provinces.</summary>
    Editor,

    /// <summary>Creates and revokes API keys, and redacts records.</summary>
    Admin,
}

/// <summary>
/// An API key without its secret. The secret is shown only once, when the key is created, and the service does not store it.
/// </summary>
public sealed record Key
{
    /// <summary>The id of the key. It is part of the secret, and the record history shows it.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the holder.</summary>
    public required string Name { get; init; }

    /// <summary>The role of the key.</summary>
    public required Role Role { get; init; }

    /// <summary>The ids of the province units whose records the key can write; empty for no restriction.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>The time of creation, in UTC.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>The caller who created the key.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The time of expiry, in UTC; absent if the key does not expire.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>The time of the last use, in UTC, to the minute; absent if the key was never used.</summary>
    public string? LastUsedAt { get; init; }

    /// <summary>The time of revocation, in UTC; absent if the key was not revoked.</summary>
    public string? RevokedAt { get; init; }

    /// <summary>The id of the key that replaced this key; absent if the key was not rotated.</summary>
    public string? ReplacedBy { get; init; }
}

/// <summary>A new API key with its secret.</summary>
public sealed record CreatedKey
{
    /// <summary>The key, as in the list of keys.</summary>
    public required Key Key { get; init; }

    /// <summary>The secret, to be sent as `Authorization: Bearer …`. It is shown only once.</summary>
    public required string Secret { get; init; }
}

/// <summary>A request to create an API key.</summary>
public sealed record NewKey
{
    /// <summary>The holder of the key: a person, an office or a program.</summary>
    public required string Name { get; init; }

    /// <summary>The role of the key.</summary>
    public required Role Role { get; init; }

    /// <summary>The ids of the province units whose records an Editor can write; empty for no restriction.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>The time of expiry, a timestamp with an offset; absent for a key that does not expire.</summary>
    public string? ExpiresAt { get; init; }
}

/// <summary>A request to replace an API key with a new one.</summary>
public sealed record KeyRotation
{
    /// <summary>The number of days for which the old key remains valid (default 7).</summary>
    public int? GracePeriodDays { get; init; } = 7;
}

/// <summary>A page of the API keys, newest first.</summary>
public sealed record KeyPage
{
    /// <summary>The keys of the page.</summary>
    public required IReadOnlyList<Key> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last page.</summary>
    public string? Next { get; init; }
}
