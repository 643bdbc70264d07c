using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CooperationApi.Access;
using CooperationApi.Features.Records;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Import;

/// <summary>Takes bundles into the record, each all or nothing, however long they are.</summary>
internal sealed class Importer(BundleReader reader)
{
    // Records are read, checked and made into receipts on one processor while those before them are written on another. They are handed over many at a time:
    // one by one, a fifth of the time went into waking each other.
    private const int BatchSize = 200, MaxBatches = 5;

    /// <summary>
    /// Imports several bundles as one, or throws all of their faults at once. What is there already, equal, takes no number. With a caller, refuses
    /// records that they may not write; without <paramref name="commit"/>, checks everything and keeps nothing.
    /// </summary>
    public async Task<WriteResult> Import(
        Database database, IReadOnlyList<BundleStream> bundles, string actor, CancellationToken cancel, Caller? caller = null, bool commit = true, IProgress<long>? progress = null)
    {
        try
        {
            return await database.Write(actor, connection => ReadChanges(connection, bundles, caller, progress, cancel), cancel, commit);
        }
        catch (ConstraintViolationException violations)
        {
            var pointers = await FindPointers(bundles, [.. violations.Violations.Select(violation => (violation.Type, violation.Id))], cancel);
            throw violations.ToProblem(violation => pointers[(violation.Type, violation.Id)]);
        }
    }

    /// <summary>Fills a new store with the founding content, which is part of the program.</summary>
    public async Task Seed(Database database)
    {
        var bundles = SeedData.OpenBundles().Select(content => new BundleStream(content, IsNdjson: false)).ToList();
        try
        {
            await Import(database, bundles, "seed", CancellationToken.None);
        }
        finally
        {
            bundles.ForEach(bundle => bundle.Content.Dispose());
        }
    }

    private async IAsyncEnumerable<RecordChange> ReadChanges(
        DbConnection connection, IReadOnlyList<BundleStream> bundles, Caller? caller, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        var errors = new RequestErrors();
        var channel = Channel.CreateBounded<IReadOnlyList<(Resource Resource, RecordUpsert Record)>>(new BoundedChannelOptions(MaxBatches) { SingleReader = true, SingleWriter = true });
        using var producerCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var producer = Task.Run(() => ProduceBatches(bundles, channel.Writer, errors, producerCancellation.Token), CancellationToken.None);
        try
        {
            var recordCount = 0L;
            await foreach (var batch in channel.Reader.ReadAllAsync(cancel))
            {
                foreach (var (resource, record) in batch)
                {
                    if (caller?.Provinces is not null)
                        caller.EnsureCanWriteRecord(resource, await Database.FindRecord(connection, record.Type, record.Id), record);
                    yield return record;
                    progress?.Report(++recordCount);
                }
            }
            await producer;
            errors.ThrowIfAny();
        }
        finally
        {
            // Whoever reads no further must not leave the other reading.
            await producerCancellation.CancelAsync();
            await producer.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Reads all bundles to their ends, for all of their faults; after the first fault nothing needs to be written any more.</summary>
    private async Task ProduceBatches(IReadOnlyList<BundleStream> bundles, ChannelWriter<IReadOnlyList<(Resource, RecordUpsert)>> writer, RequestErrors errors, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            var batch = new List<(Resource, RecordUpsert)>(BatchSize);
            foreach (var bundle in bundles)
            {
                await foreach (var (resource, record, _) in reader.Read(bundle, errors, cancel))
                {
                    if (errors.Count > 0)
                        continue;
                    batch.Add((resource, resource.ToUpsert(record)));
                    if (batch.Count == BatchSize)
                    {
                        await writer.WriteAsync(batch, cancel);
                        batch = new(BatchSize);
                    }
                }
            }
            await writer.WriteAsync(batch, cancel);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            writer.Complete(failure);
        }
    }

    /// <summary>
    /// Where records stand, of one that stands twice the last place: looked for when something is wrong with them, rather than kept of every record.
    /// </summary>
    private async Task<Dictionary<(string, string), string>> FindPointers(IReadOnlyList<BundleStream> bundles, HashSet<(string, string)> records, CancellationToken cancel)
    {
        var pointers = new Dictionary<(string, string), string>();
        foreach (var bundle in bundles)
        {
            await foreach (var (resource, record, pointer) in reader.Read(bundle, new(), cancel))
            {
                if (records.Contains((resource.Type, record.Id)))
                    pointers[(resource.Type, record.Id)] = pointer;
            }
        }
        // A province that is changed may not fit records that are no part of the bundle.
        foreach (var absentRecord in records.Where(record => !pointers.ContainsKey(record)))
            pointers[absentRecord] = "";
        return pointers;
    }
}
