using System.Globalization;
using CooperationApi.Contracts;

namespace CooperationApi.Access;

/// <summary>A key as it is kept: times as text, the provinces' ids with spaces between.</summary>
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

    /// <summary>How the record's history calls its holder.</summary>
    public string ActorName => $"{Name} ({Id})";

    public IReadOnlyList<string> ProvinceIds => Provinces.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How long it is to live; null for no end.</summary>
    public TimeSpan? Lifetime => ExpiresAt is null ? null : ParseTimestamp(ExpiresAt) - ParseTimestamp(CreatedAt);

    public ApiKeyState GetStateAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyState.Revoked
        : ExpiresAt is not null && ParseTimestamp(ExpiresAt) <= now ? ApiKeyState.Expired
        : ApiKeyState.Active;

    /// <summary>Who comes with it.</summary>
    public Caller ToCaller() => new(Id, ActorName, Enum.Parse<Role>(Role), ProvinceIds is { Count: > 0 } ids ? ids.ToHashSet() : null);

    /// <summary>The key as it is told.</summary>
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
