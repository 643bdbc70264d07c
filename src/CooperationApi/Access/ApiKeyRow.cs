using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Access;

/// <summary>A stored API key: times as ISO 8601 text, province ids separated by spaces.</summary>
internal sealed record ApiKeyRow(string Id, string Name, string Role, string Provinces, string Hash, string CreatedAt, string CreatedBy,
    string? ExpiresAt, string? LastUsedAt = null, string? RevokedAt = null, string? ReplacedBy = null)
{
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
