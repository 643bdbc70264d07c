using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Access;

/// <summary>Reads and writes the API keys in the store.</summary>
internal sealed class ApiKeyStore(Database database, TimeProvider time)
{
    private const string Columns =
        "id, name, role, provinces, hash, created_at, created_by, expires_at, last_used_at, revoked_at, replaced_by";

    private const string OtherActiveAdminsSql =
        "SELECT count(*) FROM api_key WHERE role = 'Admin' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now) AND id <> "
        + "@id";

    /// <summary>The version of the keys, which increases with every change of a key: <see cref="Database.AuxiliaryVersion"/>.</summary>
    public async Task<long> GetVersion()
    {
        await database.RefreshVersion();
        return database.AuxiliaryVersion;
    }

    /// <summary>Returns all keys.</summary>
    public Task<List<ApiKeyRow>> ReadAll(CancellationToken cancel) =>
        database.Read(async connection => (await connection.QueryAsync<ApiKeyRow>($"SELECT {Columns} FROM api_key")).AsList(), cancel);

    /// <summary>Returns a page of keys, newest first, after the given position.</summary>
    public Task<List<ApiKeyRow>> ReadPage((string CreatedAt, string Id)? startAfter, int limit, CancellationToken cancel) =>
        database.Read(async connection =>
            (await connection.QueryAsync<ApiKeyRow>(
                $"SELECT {Columns} FROM api_key {(startAfter is null ? "" : "WHERE (created_at, id) < (@createdAt, @id)")} ORDER BY "
                + $"created_at DESC, id DESC LIMIT @limit",
                new { createdAt = startAfter?.CreatedAt, id = startAfter?.Id, limit })).AsList(), cancel);

    /// <summary>Returns a key; null if it does not exist.</summary>
    public Task<ApiKeyRow?> Find(string id, CancellationToken cancel) => database.Read(connection => Find(connection, id), cancel);

    /// <summary>Stores a new key.</summary>
    public Task Add(ApiKeyRow key, CancellationToken cancel) =>
        database.WriteAuxiliary(connection => Insert(connection, key), cancel);

    /// <summary>
    /// Revokes a key. Returns false if it is already revoked. Throws 404, and with <paramref name="protectLastAdmin"/> 409 for the last
    /// active Admin key.
    /// </summary>
    public Task<bool> Revoke(string id, bool protectLastAdmin, CancellationToken cancel) => database.WriteAuxiliary(async connection =>
    {
        var key = await Find(connection, id) ?? throw NotFound(id);
        var now = time.GetUtcNow();
        if (protectLastAdmin && key.Role == nameof(Role.Admin) && key.GetStateAt(now) == ApiKeyState.Active
            && await IsLastAdmin(connection, id, now))
            throw new ProblemException(409, "last_admin_key", id);
        return await connection.ExecuteAsync("UPDATE api_key SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL",
            new { id, now = now.ToIso() }) > 0;
    }, cancel);

    /// <summary>
    /// Replaces an active key with the key that <paramref name="createReplacement"/> creates from it. The old key remains valid for the
    /// grace period, but not beyond its own expiry. Throws 404, and 409 for a key that is inactive or already replaced.
    /// </summary>
    public Task<ApiKeyRow> Rotate(string id, TimeSpan gracePeriod, Func<ApiKeyRow, ApiKeyRow> createReplacement,
        CancellationToken cancel) => database.WriteAuxiliary(async connection =>
    {
        var old = await Find(connection, id) ?? throw NotFound(id);
        var now = time.GetUtcNow();
        if (old.GetStateAt(now) != ApiKeyState.Active || old.ReplacedBy is not null)
            throw new ProblemException(409, "key_inactive", id);
        var key = createReplacement(old);
        await Insert(connection, key);
        var until = (now + gracePeriod).ToIso();
        await connection.ExecuteAsync(
            """
            UPDATE api_key SET replaced_by = @by, expires_at = CASE WHEN expires_at < @until THEN expires_at ELSE @until END
            WHERE id = @id
            """, new { id, by = key.Id, until });
        return key;
    }, cancel);

    /// <summary>Saves the last-used times of keys; an earlier time never replaces a later one.</summary>
    public Task SaveLastUsed(IReadOnlyCollection<(string Id, DateTimeOffset At)> uses, CancellationToken cancel) => database.WriteAuxiliary(
        connection => connection.ExecuteAsync(
            "UPDATE api_key SET last_used_at = @at WHERE id = @id AND (last_used_at IS NULL OR last_used_at < @at)",
            uses.Select(use => new { id = use.Id, at = use.At.ToIso() })), cancel);

    /// <summary>True if no other Admin key is active.</summary>
    public Task<bool> IsLastAdmin(string id, CancellationToken cancel) =>
        database.Read(connection => IsLastAdmin(connection, id, time.GetUtcNow()), cancel);

    private static async Task<bool> IsLastAdmin(DbConnection connection, string id, DateTimeOffset now) =>
        await connection.ExecuteScalarAsync<long>(OtherActiveAdminsSql, new { id, now = now.ToIso() }) == 0;

    private static ProblemException NotFound(string id) => new(404, "record_not_found", "keys", id);

    private static Task<ApiKeyRow?> Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefaultAsync<ApiKeyRow>($"SELECT {Columns} FROM api_key WHERE id = @id", new { id });

    private static Task<int> Insert(DbConnection connection, ApiKeyRow key) => connection.ExecuteAsync(
        """
        INSERT INTO api_key (id, name, role, provinces, hash, created_at, created_by, expires_at)
        VALUES (@Id, @Name, @Role, @Provinces, @Hash, @CreatedAt, @CreatedBy, @ExpiresAt)
        """, key);
}
