using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Import;

/// <summary>Imports bundles of any length, atomically.</summary>
internal sealed class Importer(BundleReader reader)
{
    // One thread parses and validates records while another writes the records before them. They are passed in batches: one by one, a fifth
    // of the time went into thread wake-ups.
    private const int BatchSize = 200, MaxBatches = 5;

    /// <summary>
    /// Imports several bundles in one transaction, or throws all their errors. Equal records get no new revision. With
    /// <paramref name="caller"/>, rejects records that the caller may not write. <paramref name="onConflict"/> is the handling of
    /// stored records with other content. Without <paramref name="commit"/>, validates everything and saves nothing.
    /// </summary>
    public async Task<ImportReport> Import(
        Database database, IReadOnlyList<BundleStream> bundles, string actor, CancellationToken cancel, Caller? caller = null,
        ConflictAction onConflict = ConflictAction.Refuse, bool commit = true, IProgress<long>? progress = null)
    {
        var (created, replaced, unchanged, kept) = (new RecordNames(), new RecordNames(), new RecordNames(), new RecordNames());
        var conflicts = new ImportConflicts();
        try
        {
            var result = await database.Write(actor, async writer =>
            {
                var recordCount = 0L;
                await foreach (var (resource, parsedRecord) in ReadRecords(bundles, cancel))
                {
                    var record = writer.LocateQuotes(parsedRecord);
                    var stored = writer.Find(record.Type, record.Id);
                    // A record that is kept needs no permission, like an unchanged one.
                    if (stored is null || onConflict != ConflictAction.Keep)
                        caller?.EnsureCanWriteRecord(resource, stored, record);
                    var outcome = writer.Upsert(record, stored, mayReplace: onConflict == ConflictAction.Replace);
                    if (outcome == UpsertOutcome.Conflict && onConflict == ConflictAction.Refuse)
                        conflicts.Add(stored!, record);
                    else
                        FindNames(outcome)?.Add(record.Type, record.Id);
                    progress?.Report(++recordCount);
                }
                conflicts.ThrowIfAny();
            }, cancel, commit);
            return new()
            {
                Created = created.Count,
                Replaced = replaced.Count,
                Unchanged = unchanged.Count,
                Kept = kept.Count,
                CreatedRecords = created.First,
                ReplacedRecords = replaced.First,
                UnchangedRecords = unchanged.First,
                KeptRecords = kept.First,
                Revision = result.Version.Revision,
                DryRun = !commit,
            };
        }
        catch (ImportConflictException exception)
        {
            throw exception.Conflicts.ToProblem(await FindPointers(bundles, [.. exception.Conflicts.ReportedRecords], cancel));
        }
        catch (ConstraintViolationException violations)
        {
            var pointers =
                await FindPointers(bundles, [.. violations.Violations.Select(violation => (violation.Type, violation.Id))], cancel);
            throw violations.ToProblem(violation => pointers[(violation.Type, violation.Id)]);
        }

        RecordNames? FindNames(UpsertOutcome outcome) => outcome switch
        {
            UpsertOutcome.Created => created,
            UpsertOutcome.Replaced => replaced,
            UpsertOutcome.Unchanged => unchanged,
            UpsertOutcome.Conflict => kept,
            _ => null,
        };
    }

    /// <summary>Fills a new store with the seed data.</summary>
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

    // Sequence of an import:
    //
    // 1. The write transaction enumerates `ReadRecords`, which starts the producer on another thread.
    // 2. The producer reads a bundle record by record, validates each record and derives its rows. It writes full batches to the channel,
    //    and waits while the channel has `MaxBatches` batches, so memory does not grow with the bundle.
    // 3. `ReadRecords` returns the records of each batch, and the write transaction applies them.
    // 4. After the first invalid record, the producer adds no more records, but reads on to collect all errors. When the channel is
    //    complete, `ReadRecords` throws the errors, and the transaction rolls back.
    // 5. If the transaction fails or the request is canceled, `ReadRecords` is disposed: it cancels the producer and waits for its end, so
    //    that nothing reads the bundle after the import.
    private async IAsyncEnumerable<(Resource Resource, RecordUpsert Record)> ReadRecords(
        IReadOnlyList<BundleStream> bundles, [EnumeratorCancellation] CancellationToken cancel)
    {
        var errors = new RequestErrors();
        var channel = Channel.CreateBounded<IReadOnlyList<(Resource, RecordUpsert)>>(
            new BoundedChannelOptions(MaxBatches) { SingleReader = true, SingleWriter = true });
        using var producerCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var producer = Task.Run(() => ProduceBatches(bundles, channel.Writer, errors, producerCancellation.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancel))
            {
                foreach (var record in batch)
                    yield return record;
            }
            await producer;
            errors.ThrowIfAny();
        }
        finally
        {
            await producerCancellation.CancelAsync();
            await producer.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// Reads all bundles to the end to collect all errors. After the first error it passes no more records to the writer.
    /// </summary>
    private async Task ProduceBatches(IReadOnlyList<BundleStream> bundles, ChannelWriter<IReadOnlyList<(Resource, RecordUpsert)>> writer,
        RequestErrors errors, CancellationToken cancel)
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
    /// Returns the pointers of records; of a record that occurs twice, the last one. Reads the bundles again after a violation, so that an
    /// import does not store a pointer for each record.
    /// </summary>
    private async Task<Dictionary<(string, string), string>> FindPointers(IReadOnlyList<BundleStream> bundles,
        HashSet<(string, string)> records, CancellationToken cancel)
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
        // A changed province can violate constraints of records outside the bundle.
        foreach (var absentRecord in records.Where(record => !pointers.ContainsKey(record)))
            pointers[absentRecord] = "";
        return pointers;
    }
}
