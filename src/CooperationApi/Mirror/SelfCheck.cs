using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CooperationApi.Changes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Mirror;

/// <summary>How often the service checks itself: the `Mirror` section of the configuration.</summary>
internal sealed record MirrorOptions
{
    /// <summary>How many minutes lie between two checks; 0 for none.</summary>
    [Range(0, 100_000)]
    public int CheckMinutes { get; init; } = 60;
}

/// <summary>
/// Does to itself what those do who keep a copy: keeps the identifiers, revisions and hashes of one state, brings them forward by the feed, and compares what comes of it with
/// the record. A difference means that every copy is wrong, and is told as loudly as a service can.
/// </summary>
internal sealed partial class SelfCheck(Database database, Feed feed, MirrorDigests digests, Catalog catalog, MirrorOptions options, TimeProvider time, ILogger<SelfCheck> logger) : BackgroundService
{
    // How often it follows a feed that grows while it compares.
    private const int MostAttempts = 5;

    private readonly FeedFilter everything = new(catalog, [], provinceId: null);
    private SqliteConnection? copy;
    private FeedCursor? place;

    /// <summary>What the last check found; null before the first.</summary>
    public SelfCheckReport? Last { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.CheckMinutes == 0)
            return;
        await Task.Yield();
        using var clock = new PeriodicTimer(TimeSpan.FromMinutes(options.CheckMinutes));
        do
        {
            try
            {
                await Check(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogPutOff(exception, options.CheckMinutes);
            }
        }
        while (await clock.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Checks now. The first time, and after a difference, there is nothing to compare yet but the snapshot with itself.</summary>
    public async Task Check(CancellationToken cancel)
    {
        try
        {
            if (place is null)
                await Begin(cancel);
            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                await Follow(cancel);
                var theirs = await digests.Of([], part: null, cancel);
                // Meanwhile somebody wrote.
                if (theirs.Revision != place!.Number || theirs.Epoch != place.Epoch)
                    continue;
                var own = digests.OfTypes(copy!, cancel);
                var differing = theirs.Types.Where(type => own[type.Type] != type).Select(type => type.Type).ToList();
                Last = new() { At = time.GetUtcNow().ToIso(), Revision = place.Number, Agrees = differing.Count == 0, Differing = differing.Count == 0 ? null : differing };
                if (differing.Count == 0)
                    return;
                var types = string.Join(", ", differing);
                LogDiffers(types, place.Number);
                place = null;
                return;
            }
        }
        catch (ProblemException gone) when (gone.Status == 410)
        {
            // The past that it stood in is no longer kept.
            place = null;
        }
    }

    public override void Dispose()
    {
        copy?.Dispose();
        base.Dispose();
    }

    private async Task Begin(CancellationToken cancel)
    {
        copy?.Dispose();
        // A file without a name: SQLite's own, gone with the connection.
        copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = "", Pooling = false }.ToString());
        await copy.OpenAsync(cancel);
        await copy.ExecuteAsync("PRAGMA synchronous = OFF; CREATE TABLE record (type TEXT, id TEXT, revision INTEGER, hash TEXT, PRIMARY KEY (type, id)) WITHOUT ROWID");
        await using var filling = await copy.BeginTransactionAsync(cancel);
        var mark = await database.Read(async connection =>
        {
            await using var rows = await connection.ExecuteReaderAsync("SELECT type, id, revision, hash FROM record ORDER BY type, id");
            while (await rows.ReadAsync(cancel))
                Put(rows.GetString(0), rows.GetString(1), rows.GetInt64(2), rows.GetString(3));
            return await Database.MarkOf(connection);
        }, cancel);
        await filling.CommitAsync(cancel);
        place = new(mark.Epoch, mark.Revision);
    }

    private async Task Follow(CancellationToken cancel)
    {
        for (var more = true; more;)
        {
            var page = await feed.Read(everything, place, FeedQuery.MostChanges, cancel);
            await using var applying = await copy!.BeginTransactionAsync(cancel);
            foreach (var sent in page.Changes)
            {
                var change = JsonSerializer.Deserialize<Change>(sent, Wire.Json)!;
                if (change.Op == "upsert")
                    Put(change.Type, change.Id, change.Revision, BodyHash.Of(change.Data!.Value.GetRawText()));
                else
                    await copy.ExecuteAsync("DELETE FROM record WHERE type = @Type AND id = @Id", change);
            }
            await applying.CommitAsync(cancel);
            (place, more) = (page.Next, page.HasMore);
        }
    }

    private void Put(string type, string id, long revision, string hash) =>
        copy!.Execute("INSERT INTO record VALUES (@type, @id, @revision, @hash) ON CONFLICT DO UPDATE SET revision = excluded.revision, hash = excluded.hash", new { type, id, revision, hash });

    [LoggerMessage(Level = LogLevel.Critical, Message = "A copy that followed the feed up to {Revision} is not what the record is: {Types} differ. Every copy may be wrong; restore the store, or have it examined")]
    private partial void LogDiffers(string types, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service could not check itself; trying again in {Minutes} min")]
    private partial void LogPutOff(Exception exception, int minutes);
}
