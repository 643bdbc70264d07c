using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CooperationApi.Access;
using CooperationApi.Editing;
using CooperationApi.Faults;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Import;

/// <summary>Takes bundles into the record, each all or nothing, however long they are.</summary>
internal sealed class Importer(BundleReader reader)
{
    // Records are read, checked and made into receipts on one processor while those before them are written on another. They are handed over many at a time:
    // one by one, a fifth of the time went into waking each other.
    private const int HandedOver = 200, ReadAhead = 5;

    /// <summary>
    /// Imports several bundles as one, or throws all of their faults at once. What is there already, equal, takes no number. With a caller, refuses
    /// records that they may not write; without <paramref name="keep"/>, checks everything and keeps nothing.
    /// </summary>
    public async Task<Written> Import(
        Database database, IReadOnlyList<BundleContent> bundles, string actor, CancellationToken cancel, Caller? by = null, bool keep = true, IProgress<long>? progress = null)
    {
        try
        {
            return await database.Write(actor, connection => Receipts(connection, bundles, by, progress, cancel), cancel, keep);
        }
        catch (MisfitException misfits)
        {
            var places = await PlacesOf(bundles, [.. misfits.First.Select(misfit => (misfit.Type, misfit.Id))], cancel);
            throw misfits.AsProblem(misfit => places[(misfit.Type, misfit.Id)]);
        }
    }

    /// <summary>Fills a new store with the founding content, which is part of the program.</summary>
    public async Task Seed(Database database)
    {
        var bundles = FoundingContent.Open().Select(content => new BundleContent(content, IsLines: false)).ToList();
        try
        {
            await Import(database, bundles, "seed", CancellationToken.None);
        }
        finally
        {
            bundles.ForEach(bundle => bundle.Content.Dispose());
        }
    }

    private async IAsyncEnumerable<Receipt> Receipts(
        DbConnection connection, IReadOnlyList<BundleContent> bundles, Caller? by, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        var faults = new FaultList();
        var read = Channel.CreateBounded<IReadOnlyList<(Resource Resource, Changed Record)>>(new BoundedChannelOptions(ReadAhead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.Run(() => ReadAll(bundles, read.Writer, faults, stop.Token), CancellationToken.None);
        try
        {
            var done = 0L;
            await foreach (var some in read.Reader.ReadAllAsync(cancel))
            {
                foreach (var (resource, record) in some)
                {
                    if (by?.Provinces is not null)
                        by.Demand(resource, await Database.StandingOf(connection, record.Type, record.Id), record);
                    yield return record;
                    progress?.Report(++done);
                }
            }
            await reading;
            faults.Demand();
        }
        finally
        {
            // Whoever reads no further must not leave the other reading.
            await stop.CancelAsync();
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Reads all bundles to their ends, for all of their faults; after the first fault nothing needs to be written any more.</summary>
    private async Task ReadAll(IReadOnlyList<BundleContent> bundles, ChannelWriter<IReadOnlyList<(Resource, Changed)>> records, FaultList faults, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            var some = new List<(Resource, Changed)>(HandedOver);
            foreach (var bundle in bundles)
            {
                await foreach (var (resource, record, _) in reader.Read(bundle, faults, cancel))
                {
                    if (faults.Count > 0)
                        continue;
                    some.Add((resource, resource.Change(record)));
                    if (some.Count == HandedOver)
                    {
                        await records.WriteAsync(some, cancel);
                        some = new(HandedOver);
                    }
                }
            }
            await records.WriteAsync(some, cancel);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            records.Complete(failure);
        }
    }

    /// <summary>
    /// Where records stand, of one that stands twice the last place: looked for when something is wrong with them, rather than kept of every record.
    /// </summary>
    private async Task<Dictionary<(string, string), string>> PlacesOf(IReadOnlyList<BundleContent> bundles, HashSet<(string, string)> records, CancellationToken cancel)
    {
        var places = new Dictionary<(string, string), string>();
        foreach (var bundle in bundles)
        {
            await foreach (var (resource, record, pointer) in reader.Read(bundle, new(), cancel))
            {
                if (records.Contains((resource.Type, record.Id)))
                    places[(resource.Type, record.Id)] = pointer;
            }
        }
        // A province that is changed may not fit records that are no part of the bundle.
        foreach (var elsewhere in records.Where(record => !places.ContainsKey(record)))
            places[elsewhere] = "";
        return places;
    }
}
