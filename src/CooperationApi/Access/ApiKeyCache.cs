using System.Collections.Concurrent;

namespace CooperationApi.Access;

/// <summary>
/// Caches the API keys in memory. Each authentication compares the auxiliary version of the store, so that changes by other processes take
/// effect too. Last-used times are collected per minute and saved in the background, so that a request with a key writes nothing.
/// </summary>
internal sealed partial class ApiKeyCache(ApiKeyStore store, TimeProvider time, ILogger<ApiKeyCache> logger) : BackgroundService
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    // Compared if no key has the id, so that the time of the check does not reveal which ids exist.
    private static readonly string DummyHash = ApiKeySecret.Hash("");

    private readonly ConcurrentDictionary<string, DateTimeOffset> pendingUses = new(StringComparer.Ordinal);
    private Snapshot snapshot = new(-1, []);

    /// <summary>Returns the caller of a key, or the error code.</summary>
    public async ValueTask<(Caller? Caller, string? ErrorCode)> Authenticate(string text, CancellationToken cancel)
    {
        var entry = ApiKeySecret.ParseId(text) is { } id ? (await GetSnapshot(cancel)).Keys.GetValueOrDefault(id) : null;
        if (!ApiKeySecret.Matches(text, entry?.Key.Hash ?? DummyHash) || entry is null)
            return (null, "key_invalid");
        var now = time.GetUtcNow();
        switch (entry.Key.GetStateAt(now))
        {
            case ApiKeyState.Revoked:
                return (null, "key_revoked");
            case ApiKeyState.Expired:
                return (null, "key_expired");
        }
        RecordUse(entry.Key.Id, now);
        return (entry.Caller, null);
    }

    /// <summary>Returns true if the key of a caller is active and has the same role and provinces.</summary>
    public async ValueTask<bool> IsValid(Caller caller, CancellationToken cancel) =>
        (await GetSnapshot(cancel)).Keys.GetValueOrDefault(caller.Id) is { } entry
            && entry.Key.GetStateAt(time.GetUtcNow()) == ApiKeyState.Active
            && entry.Caller.Role == caller.Role
            && (entry.Caller.Provinces is { } provinces ? caller.Provinces?.SetEquals(provinces) == true : caller.Provinces is null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SaveInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SaveUses(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await SaveUses(CancellationToken.None);
        }
    }

    private async ValueTask<Snapshot> GetSnapshot(CancellationToken cancel)
    {
        // The version is read before the keys, so that the snapshot is never older than its version.
        var version = await store.GetVersion();
        var cached = Volatile.Read(ref snapshot);
        if (cached.Version == version)
            return cached;
        var loaded = new Snapshot(version,
            (await store.ReadAll(cancel)).ToDictionary(key => key.Id, key => new Entry(key, key.ToCaller()), StringComparer.Ordinal));
        Volatile.Write(ref snapshot, loaded);
        return loaded;
    }

    private void RecordUse(string id, DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, now.Offset);
        if (!pendingUses.TryGetValue(id, out var lastUse) || lastUse < minute)
            pendingUses[id] = minute;
    }

    private async Task SaveUses(CancellationToken cancel)
    {
        var batch = pendingUses.ToArray();
        if (batch.Length == 0)
            return;
        try
        {
            await store.SaveLastUsed([.. batch.Select(use => (use.Key, use.Value))], cancel);
            foreach (var use in batch)
                pendingUses.TryRemove(use);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // The pending times are saved with the next batch. An exception that left `ExecuteAsync` would stop the service.
            LogSaveFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Saving key last-used times failed; will retry")]
    private partial void LogSaveFailed(Exception exception);

    private sealed record Snapshot(long Version, Dictionary<string, Entry> Keys);

    private sealed record Entry(ApiKeyRow Key, Caller Caller);
}
