using System.Collections.Concurrent;
using System.Data.Common;

namespace CooperationApi.Access;

/// <summary>
/// The keys in memory, as fresh as the store: before each use it looks whether any was changed, by whichever process. When keys were last used is
/// noted by the minute and written behind, so that reading with a key writes nothing.
/// </summary>
internal sealed partial class Keyring(KeyStore store, TimeProvider time, ILogger<Keyring> logger) : BackgroundService
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    // Compared with when there is no such key, so that this takes as long as when there is.
    private static readonly string NoHash = Secret.Hash("");

    private readonly ConcurrentDictionary<string, DateTimeOffset> uses = new(StringComparer.Ordinal);
    private Ring ring = new(-1, []);

    /// <summary>Who comes with this text, or why they aren't let in.</summary>
    public async ValueTask<(Caller? Caller, string? Refused)> Recognise(string text, CancellationToken cancel)
    {
        var entry = Secret.IdOf(text) is { } id ? (await Current(cancel)).Keys.GetValueOrDefault(id) : null;
        if (!Secret.Fits(text, entry?.Key.Hash ?? NoHash) || entry is null)
            return (null, "key_unknown");
        var now = time.GetUtcNow();
        switch (entry.Key.StateAt(now))
        {
            case KeyState.Revoked:
                return (null, "key_revoked");
            case KeyState.Expired:
                return (null, "key_expired");
        }
        Note(entry.Key.Id, now);
        return (entry.Caller, null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(NoteEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteUses(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await WriteUses(CancellationToken.None);
        }
    }

    private async ValueTask<Ring> Current(CancellationToken cancel)
    {
        // Taken before the keys are read: they are never older than the number that they are kept under.
        var settled = store.Settled;
        var current = Volatile.Read(ref ring);
        if (current.Settled == settled)
            return current;
        var read = new Ring(settled, (await store.All(cancel)).ToDictionary(key => key.Id, key => new Entry(key, key.ToCaller()), StringComparer.Ordinal));
        Volatile.Write(ref ring, read);
        return read;
    }

    private void Note(string id, DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, now.Offset);
        if (!uses.TryGetValue(id, out var noted) || noted < minute)
            uses[id] = minute;
    }

    private async Task WriteUses(CancellationToken cancel)
    {
        var batch = uses.ToArray();
        if (batch.Length == 0)
            return;
        try
        {
            await store.NoteUses([.. batch.Select(use => (use.Key, use.Value))], cancel);
            foreach (var use in batch)
                uses.TryRemove(use);
        }
        catch (DbException exception)
        {
            // They are noted still, and written with the next.
            LogUnwritten(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When keys were last used could not be written; that is tried again")]
    private partial void LogUnwritten(Exception exception);

    private sealed record Ring(long Settled, Dictionary<string, Entry> Keys);

    private sealed record Entry(KeptKey Key, Caller Caller);
}
