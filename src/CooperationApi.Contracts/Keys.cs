namespace CooperationApi.Contracts;

/// <summary>What a caller may do; each may all that those before it may.</summary>
public enum Role
{
    /// <summary>Reads, where reading takes a key.</summary>
    Reader,

    /// <summary>Adds and corrects records: all, or those of some provinces.</summary>
    Editor,

    /// <summary>Makes and revokes keys, and takes out what must not be in the record.</summary>
    Admin,
}

/// <summary>A key, without its secret: that is shown once, when the key is made, and kept by nobody but its holder.</summary>
public sealed record Key
{
    /// <summary>The key's identifier; it stands in the key itself too, and in the record's history.</summary>
    public required string Id { get; init; }

    /// <summary>Who holds the key.</summary>
    public required string Name { get; init; }

    /// <summary>What its holder may do.</summary>
    public required Role Role { get; init; }

    /// <summary>The provinces whose records its holder may write; empty for no bound.</summary>
    public required IReadOnlyList<string> ProvinceIds { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>From when on it is refused, in UTC; absent if it doesn't expire.</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>When it was last used, in UTC, to the minute; absent if never.</summary>
    public string? LastUsedAt { get; init; }

    /// <summary>When it was revoked, in UTC.</summary>
    public string? RevokedAt { get; init; }

    /// <summary>The identifier of the key that it was exchanged for.</summary>
    public string? ReplacedBy { get; init; }
}

/// <summary>A key that was just made, with its secret.</summary>
public sealed record CreatedKey
{
    /// <summary>The key as it is listed.</summary>
    public required Key Key { get; init; }

    /// <summary>What is sent as `Authorization: Bearer …`. Shown this once.</summary>
    public required string Secret { get; init; }
}

/// <summary>A key that is to be made.</summary>
public sealed record NewKey
{
    /// <summary>Who is to hold the key: a person, an office, a program.</summary>
    public required string Name { get; init; }

    /// <summary>What its holder may do.</summary>
    public required Role Role { get; init; }

    /// <summary>Of an editor, the provinces whose records may be written; empty for no bound.</summary>
    public IReadOnlyList<string> ProvinceIds { get; init; } = [];

    /// <summary>From when on it is to be refused: a moment with its offset. Left out, it doesn't expire.</summary>
    public string? ExpiresAt { get; init; }
}

/// <summary>How a key is to be exchanged for a new one.</summary>
public sealed record KeyRotation
{
    /// <summary>The days for which the old key still works beside the new one; 7 if left out.</summary>
    public int? GracePeriodDays { get; init; } = 7;
}

/// <summary>A page of the keys, the newest first.</summary>
public sealed record KeyPage
{
    /// <summary>The keys of this page.</summary>
    public required IReadOnlyList<Key> Items { get; init; }

    /// <summary>The cursor of the next page; absent on the last one.</summary>
    public string? Next { get; init; }
}
