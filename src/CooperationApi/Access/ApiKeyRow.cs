using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Access;

/// <summary>A stored API key: times as ISO 8601 text, province ids separated by spaces.</summary>
internal sealed record ApiKeyRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required string Provinces { get; init; }

    public required string Hash { get; init; }

    public required string CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public string? ExpiresAt { get; init; }

    public string? LastUsedAt { get; init; }

    public string? RevokedAt { get; init; }

    public string? ReplacedBy { get; init; }

    /// <summary>The name of the key's holder in the history.</summary>
    public string ActorName => $"{Name} ({Id})";

    public IReadOnlyList<string> ProvinceIds => Provinces.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The time from creation to expiry; null if the key does not expire.</summary>
    public TimeSpan? Lifetime => ExpiresAt is null ? null : ParseTimestamp(ExpiresAt) - ParseTimestamp(CreatedAt);

    public ApiKeyState GetStateAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyState.Revoked
        : ExpiresAt is not null && ParseTimestamp(ExpiresAt) <= now ? ApiKeyState.Expired
        : ApiKeyState.Active;

    /// <summary>Converts the key to the caller that it authenticates.</summary>
    public Caller ToCaller() => new(Id, ActorName, Enum.Parse<Role>(Role),
        Role == nameof(Contracts.Role.Editor) && ProvinceIds is not [Caller.AllProvinces] ? ProvinceIds.ToHashSet() : null);

    /// <summary>Converts the key to its representation in responses, without the hash.</summary>
    public Key ToKey() => new()
    {
        Id = Id,
        Name = Name,
        Role = Enum.Parse<Role>(Role),
        ProvinceIds = ProvinceIds,
        CreatedAt = CreatedAt,
        CreatedBy = CreatedBy,
        ExpiresAt = ExpiresAt,
        LastUsedAt = LastUsedAt,
        RevokedAt = RevokedAt,
        ReplacedBy = ReplacedBy,
    };

    private static DateTimeOffset ParseTimestamp(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture);
}
