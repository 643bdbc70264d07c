using System.Collections.Concurrent;
using System.Data.Common;

namespace CooperationApi.Access;

/// <summary>
/// The keys in memory, as fresh as the store: before each use it looks whether any was changed, by whichever process. When keys were last used is
/// noted by the minute and written behind, so that reading with a key writes nothing.
/// </summary>
internal sealed partial class ApiKeyCache(ApiKeyStore store, TimeProvider time, ILogger<ApiKeyCache> logger) : BackgroundService
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    // Compared with when there is no such key, so that this takes as long as when there is.
    private static readonly string DummyHash = ApiKeySecret.Hash("");

    private readonly ConcurrentDictionary<string, DateTimeOffset> pendingUses = new(StringComparer.Ordinal);
    private Snapshot snapshot = new(-1, []);

    /// <summary>Who comes with this text, or why they aren't let in.</summary>
    public async ValueTask<(Caller? Caller, string? Refused)> Authenticate(string text, CancellationToken cancel)
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
        // Taken before the keys are read: they are never older than the number that they are kept under.
        var version = store.Version;
        var cached = Volatile.Read(ref snapshot);
        if (cached.Version == version)
            return cached;
        var loaded = new Snapshot(version, (await store.ReadAll(cancel)).ToDictionary(key => key.Id, key => new Entry(key, key.ToCaller()), StringComparer.Ordinal));
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
        catch (DbException exception)
        {
            // They are noted still, and written with the next.
            LogSaveFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When keys were last used could not be written; that is tried again")]
    private partial void LogSaveFailed(Exception exception);

    private sealed record Snapshot(long Version, Dictionary<string, Entry> Keys);

    private sealed record Entry(ApiKeyRow Key, Caller Caller);
}
