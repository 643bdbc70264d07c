using System.ComponentModel.DataAnnotations;

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
    [Pattern(Patterns.KeyId, 8)]
    public required string Id { get; init; }

    /// <summary>The name of the holder.</summary>
    [Length(1, 100)]
    public required string Name { get; init; }

    /// <summary>The role of the key.</summary>
    public required Role Role { get; init; }

    /// <summary>The ids of the province units whose records an Editor can write, or only `*` for all; empty for the other roles.</summary>
    [Length(0, 200), Pattern(Patterns.ProvinceScope, Limits.MaxSlugLength)]
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>The time of creation, in UTC.</summary>
    [UtcTimestamp]
    public required string CreatedAt { get; init; }

    /// <summary>The caller who created the key.</summary>
    [Length(1, 1000)]
    public required string CreatedBy { get; init; }

    /// <summary>The time of expiry, in UTC; absent if the key does not expire.</summary>
    [UtcTimestamp]
    public string? ExpiresAt { get; init; }

    /// <summary>The time of the last use, in UTC, to the minute; absent if the key was never used.</summary>
    [UtcTimestamp]
    public string? LastUsedAt { get; init; }

    /// <summary>The time of revocation, in UTC; absent if the key was not revoked.</summary>
    [UtcTimestamp]
    public string? RevokedAt { get; init; }

    /// <summary>The id of the key that replaced this key; absent if the key was not rotated.</summary>
    [Pattern(Patterns.KeyId, 8)]
    public string? ReplacedBy { get; init; }
}

/// <summary>A new API key with its secret.</summary>
public sealed record CreatedKey
{
    /// <summary>The key, as in the list of keys.</summary>
    public required Key Key { get; init; }

    /// <summary>The secret, to be sent as `Authorization: Bearer …`. It is shown only once.</summary>
    [Pattern("^coop_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", 57)]
    public required string Secret { get; init; }
}

/// <summary>A request to create an API key.</summary>
public sealed record NewKey
{
    /// <summary>The holder of the key: a person, an office or a program.</summary>
    public required string Name { get; init; }

    /// <summary>The role of the key.</summary>
    public required Role Role { get; init; }

    /// <summary>
    /// The ids of the province units whose records an Editor can write, or only `*` for all; required for an Editor, absent for the other
    /// roles.
    /// </summary>
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
    [Length(0, Limits.MaxPageItems)]
    public required IReadOnlyList<Key> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last page.</summary>
    [Cursor]
    public string? Next { get; init; }
}
