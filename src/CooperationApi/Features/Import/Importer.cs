using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Features.Records;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Import;

/// <summary>Imports bundles of any length, atomically.</summary>
internal sealed class Importer(BundleReader reader)
{
    // One thread parses and validates entries while another writes the entries before them. They are passed in batches: one by one, a fifth
    // of the time went into thread wake-ups.
    private const int BatchSize = 200, MaxBatches = 5;

    // A suggestion takes two queries. A bundle with many unknown ids has no typing errors.
    private const int MaxSuggestions = 20;

    /// <summary>
    /// Imports several bundles in one transaction, or throws all their errors. Equal records get no new revision. With
    /// <paramref name="caller"/>, rejects records that the caller may not write. <paramref name="onConflict"/> is the handling of
    /// stored records with other content. Without <paramref name="commit"/>, validates everything and saves nothing.
    /// </summary>
    public async Task<ImportReport> Import(
        Database database, IReadOnlyList<BundleStream> bundles, string actor, CancellationToken cancel, Caller? caller = null,
        ConflictAction onConflict = ConflictAction.Refuse, bool commit = true, IProgress<long>? progress = null)
    {
        var (outcomes, conflicts, additionErrors) = (new ImportOutcomes(), new ImportConflicts(), new RequestErrors());
        var extendedRecords = new Dictionary<(string Type, string Id), ExtendedRecord>();
        try
        {
            var result = await database.Write(actor, async writer =>
            {
                var entryCount = 0L;
                await foreach (var (entry, parsedRecord) in ReadEntries(bundles, writer, cancel))
                {
                    var (type, id, addition) = (entry.Resource.Type, entry.Id, entry as BundleAddition);
                    var stored = writer.Find(type, id);
                    var upsert = addition is null ? parsedRecord : await Extend(writer, stored, addition);
                    progress?.Report(++entryCount);
                    if (upsert is null)
                        continue;
                    var record = writer.LocateQuotes(upsert);
                    // A record that is kept needs no permission, like an unchanged one.
                    if (stored is null || addition is not null || onConflict != ConflictAction.Keep)
                        caller?.EnsureCanWriteRecord(entry.Resource, stored, record);
                    var outcome = writer.Upsert(record, stored,
                        mayReplace: addition is not null || onConflict == ConflictAction.Replace);
                    if (outcome == UpsertOutcome.Conflict && onConflict == ConflictAction.Refuse)
                        conflicts.Add(stored!, record);
                    else
                        outcomes.Add(type, id, outcome, isAddition: addition is not null);
                }
                additionErrors.ThrowIfAny();
                conflicts.ThrowIfAny();
            }, cancel, commit);
            return outcomes.ToReport(result.Version.Revision, isDryRun: !commit);
        }
        catch (ImportConflictException exception)
        {
            throw exception.Conflicts.ToProblem(await FindPointers(bundles, [.. exception.Conflicts.ReportedRecords], cancel));
        }
        catch (ConstraintViolationException violations)
        {
            var pointers =
                await FindPointers(bundles, [.. violations.Violations.Select(violation => (violation.Type, violation.Id))], cancel);
            throw violations.ToProblem(violation => extendedRecords.TryGetValue((violation.Type, violation.Id), out var extended)
                ? extended.ToBundlePointer(violation.Pointer)
                : $"{pointers[(violation.Type, violation.Id)]}/{violation.Pointer}");
        }

        // Returns null after an error.
        async Task<RecordUpsert?> Extend(RecordWriter writer, StoredRecord? stored, BundleAddition addition)
        {
            var (resource, recordName) = (addition.Resource, $"{addition.Resource.Type}/{addition.Id}");
            if (stored is null)
            {
                var similarIds =
                    additionErrors.Count < MaxSuggestions ? await SimilarIds.Find(writer.Connection, resource.Type, addition.Id) : [];
                additionErrors.Add(new("record_not_found", resource.Type, addition.Id)
                {
                    Suggestion = ClosestMatch.Find(addition.Id, similarIds),
                    Pointer = addition.Pointer + "/id",
                    Record = recordName,
                });
                return null;
            }
            var extended = new ExtendedRecord(resource.Deserialize(stored.Body), addition);
            extendedRecords[(resource.Type, addition.Id)] = extended;
            var failures = resource.Validate(extended.Record);
            foreach (var error in failures.Select(failure => ValidationRules.ToRequestError(failure)))
                additionErrors.Add(error with { Pointer = extended.ToBundlePointer(error.Pointer!), Record = recordName });
            return failures.Count > 0 ? null : resource.ToUpsert(extended.Record);
        }
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
    // 1. The write transaction enumerates `ReadEntries`, which starts the producer on another thread.
    // 2. The producer reads a bundle entry by entry, validates each record and derives its rows. It writes full batches to the channel,
    //    and waits while the channel has `MaxBatches` batches, so memory does not grow with the bundle.
    // 3. `ReadEntries` reads the stored records of each batch at once and returns its entries. The write transaction applies them. It
    //    merges an addition with the stored record, which only the transaction knows.
    // 4. After the first invalid entry, the producer adds no more entries, but reads on to collect all errors. When the channel is
    //    complete, `ReadEntries` throws the errors, and the transaction rolls back.
    // 5. If the transaction fails or the request is canceled, `ReadEntries` is disposed: it cancels the producer and waits for its end, so
    //    that nothing reads the bundle after the import.
    private async IAsyncEnumerable<(BundleEntry Entry, RecordUpsert? Record)> ReadEntries(
        IReadOnlyList<BundleStream> bundles, RecordWriter writer, [EnumeratorCancellation] CancellationToken cancel)
    {
        var errors = new RequestErrors();
        var channel = Channel.CreateBounded<List<(BundleEntry, RecordUpsert?)>>(
            new BoundedChannelOptions(MaxBatches) { SingleReader = true, SingleWriter = true });
        using var producerCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var producer = Task.Run(() => ProduceBatches(bundles, channel.Writer, errors, producerCancellation.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancel))
            {
                await writer.ReadAhead([.. batch.Select(item => (item.Item1.Resource.Type, item.Item1.Id))],
                    batch.SelectMany(item => item.Item2?.References ?? []).Select(reference => (reference.ToType, reference.ToId)));
                foreach (var entry in batch)
                    yield return entry;
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
    /// Reads all bundles to the end to collect all errors. After the first error it passes no more entries to the writer.
    /// </summary>
    private async Task ProduceBatches(IReadOnlyList<BundleStream> bundles, ChannelWriter<List<(BundleEntry, RecordUpsert?)>> writer,
        RequestErrors errors, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            var batch = new List<(BundleEntry, RecordUpsert?)>(BatchSize);
            foreach (var bundle in bundles)
            {
                await foreach (var entry in reader.Read(bundle, errors, cancel))
                {
                    if (errors.Count > 0)
                        continue;
                    batch.Add((entry, entry is BundleRecord record ? entry.Resource.ToUpsert(record.Record) : null));
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
            await foreach (var (resource, id, pointer) in reader.Read(bundle, new(), cancel))
            {
                if (records.Contains((resource.Type, id)))
                    pointers[(resource.Type, id)] = pointer;
            }
        }
        // A changed province can violate constraints of records outside the bundle.
        foreach (var absentRecord in records.Where(record => !pointers.ContainsKey(record)))
            pointers[absentRecord] = "";
        return pointers;
    }
}
