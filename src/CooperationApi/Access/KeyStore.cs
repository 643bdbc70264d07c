using System.Data.Common;
using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Access;

/// <summary>The keys as the store has them.</summary>
internal sealed class KeyStore(Database database, TimeProvider time)
{
    private const string Columns = "id, name, role, provinces, hash, made_at, made_by, expires_at, used_at, revoked_at, replaced_by";

    // Of another key as good as one that is about to go.
    private const string LivingAdmins =
        "SELECT count(*) FROM access_key WHERE role = 'Admin' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now) AND id <> @id";

    /// <summary>How often keys were changed, so far as that is known here: see <see cref="Database.Settled"/>.</summary>
    public long Settled => database.Settled;

    /// <summary>All keys.</summary>
    public Task<List<KeptKey>> All(CancellationToken cancel) =>
        database.Read(async connection => (await connection.QueryAsync<KeptKey>($"SELECT {Columns} FROM access_key")).AsList(), cancel);

    /// <summary>So many keys, the newest first, after one that was made then.</summary>
    public Task<List<KeptKey>> Page((string MadeAt, string Id)? after, int limit, CancellationToken cancel) => database.Read(async connection =>
        (await connection.QueryAsync<KeptKey>(
            $"SELECT {Columns} FROM access_key {(after is null ? "" : "WHERE (made_at, id) < (@madeAt, @id)")} ORDER BY made_at DESC, id DESC LIMIT @limit",
            new { madeAt = after?.MadeAt, id = after?.Id, limit })).AsList(), cancel);

    /// <summary>The key with an id, or null.</summary>
    public Task<KeptKey?> Find(string id, CancellationToken cancel) => database.Read(connection => Find(connection, id), cancel);

    /// <summary>Keeps a new key.</summary>
    public Task Add(KeptKey key, CancellationToken cancel) => database.Settle(async connection =>
    {
        await Insert(connection, key);
        return true;
    }, cancel);

    /// <summary>
    /// Revokes a key, which stays revoked if it is already; true if it wasn't. Throws 404, and 409 for the last living key of an Admin where that is to be spared.
    /// </summary>
    public Task<bool> Revoke(string id, bool isLastAdminSpared, CancellationToken cancel) => database.Settle(async connection =>
    {
        var key = await Find(connection, id) ?? throw NotFound(id);
        var now = time.GetUtcNow();
        if (isLastAdminSpared && key.Role == nameof(Role.Admin) && key.StateAt(now) == KeyState.Living && await IsLastAdmin(connection, id, now))
            throw new ProblemException(409, "last_admin_key", id);
        return await connection.ExecuteAsync("UPDATE access_key SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now = now.ToIso() }) > 0;
    }, cancel);

    /// <summary>
    /// Exchanges a living key for a new one, made of it by <paramref name="renew"/>; the old one works until the overlap is over. Throws 404, and 409 for a key
    /// that is over.
    /// </summary>
    public Task<KeptKey> Rotate(string id, TimeSpan overlap, Func<KeptKey, KeptKey> renew, CancellationToken cancel) => database.Settle(async connection =>
    {
        var old = await Find(connection, id) ?? throw NotFound(id);
        var now = time.GetUtcNow();
        if (old.StateAt(now) != KeyState.Living || old.ReplacedBy is not null)
            throw new ProblemException(409, "key_over", id);
        var key = renew(old);
        await Insert(connection, key);
        var until = (now + overlap).ToIso();
        await connection.ExecuteAsync(
            """
            UPDATE access_key SET replaced_by = @by, expires_at = CASE WHEN expires_at < @until THEN expires_at ELSE @until END
            WHERE id = @id
            """, new { id, by = key.Id, until });
        return key;
    }, cancel);

    /// <summary>Notes when keys were last used.</summary>
    public Task NoteUses(IReadOnlyCollection<(string Id, DateTimeOffset At)> uses, CancellationToken cancel) => database.Settle(
        connection => connection.ExecuteAsync("UPDATE access_key SET used_at = @at WHERE id = @id AND (used_at IS NULL OR used_at < @at)",
            uses.Select(use => new { id = use.Id, at = use.At.ToIso() })), cancel);

    /// <summary>Whether no other living key is an Admin's.</summary>
    public Task<bool> IsLastAdmin(string id, CancellationToken cancel) => database.Read(connection => IsLastAdmin(connection, id, time.GetUtcNow()), cancel);

    private static async Task<bool> IsLastAdmin(DbConnection connection, string id, DateTimeOffset now) =>
        await connection.ExecuteScalarAsync<long>(LivingAdmins, new { id, now = now.ToIso() }) == 0;

    private static ProblemException NotFound(string id) => new(404, "record_not_found", "keys", id);

    private static Task<KeptKey?> Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefaultAsync<KeptKey>($"SELECT {Columns} FROM access_key WHERE id = @id", new { id });

    private static Task<int> Insert(DbConnection connection, KeptKey key) => connection.ExecuteAsync(
        """
        INSERT INTO access_key (id, name, role, provinces, hash, made_at, made_by, expires_at)
        VALUES (@Id, @Name, @Role, @Provinces, @Hash, @MadeAt, @MadeBy, @ExpiresAt)
        """, key);
}

/// <summary>Whether a key opens.</summary>
internal enum KeyState
{
    Living,
    Revoked,
    Expired,
}

/// <summary>A key as it is kept: times as text, the provinces' ids with spaces between.</summary>
internal sealed record KeptKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required string Provinces { get; init; }

    public required string Hash { get; init; }

    public required string MadeAt { get; init; }

    public required string MadeBy { get; init; }

    public string? ExpiresAt { get; init; }

    public string? UsedAt { get; init; }

    public string? RevokedAt { get; init; }

    public string? ReplacedBy { get; init; }

    /// <summary>How the record's history calls its holder.</summary>
    public string Holder => $"{Name} ({Id})";

    public IReadOnlyList<string> ProvinceIds => Provinces.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How long it is to live; null for no end.</summary>
    public TimeSpan? Life => ExpiresAt is null ? null : Moment(ExpiresAt) - Moment(MadeAt);

    public KeyState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? KeyState.Revoked
        : ExpiresAt is not null && Moment(ExpiresAt) <= now ? KeyState.Expired
        : KeyState.Living;

    /// <summary>Who comes with it.</summary>
    public Caller ToCaller() => new(Id, Holder, Enum.Parse<Role>(Role), ProvinceIds is { Count: > 0 } ids ? ids.ToHashSet() : null);

    /// <summary>The key as it is told.</summary>
    public Key ToKey() => new()
    {
        Id = Id,
        Name = Name,
        Role = Enum.Parse<Role>(Role),
        ProvinceIds = ProvinceIds,
        MadeAt = MadeAt,
        MadeBy = MadeBy,
        ExpiresAt = ExpiresAt,
        UsedAt = UsedAt,
        RevokedAt = RevokedAt,
        ReplacedBy = ReplacedBy,
    };

    private static DateTimeOffset Moment(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture);
}
