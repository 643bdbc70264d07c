using CooperationApi.Contracts;
using CooperationApi.Features.Changes;
using CooperationApi.Formats;
using CooperationApi.Http.Problems;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Features.Exports;

/// <summary>
/// Builds an export at one revision of the store. The SQLite file is created first and all other files from it, so that the read
/// transaction ends early. The export is published when it is complete.
/// </summary>
internal sealed class ExportBuilder(Database database, ResourceCatalog catalog, ChangeFeed feed, ExportDirectory exports, TimeProvider time)
{
    private const string License = "CC-BY-4.0";

    private readonly FeedFilter unfiltered = new(catalog, [], provinceId: null);

    /// <summary>
    /// Builds an export, or returns the latest export if its revision is current. Returns null if another process is building.
    /// </summary>
    public async Task<ExportManifest?> Build(CancellationToken cancel)
    {
        using var lockFile = exports.TryLock();
        if (lockFile is null)
            return null;
        var previous = await exports.FindLatest(cancel);
        if (previous is not null && previous.Revision == database.Version.Revision)
            return previous;
        var workFolder = exports.CreateWorkFolder();
        try
        {
            var manifest = await Build(workFolder, previous, cancel);
            exports.Publish(workFolder, manifest);
            return manifest;
        }
        finally
        {
            if (Directory.Exists(workFolder))
                Directory.Delete(workFolder, recursive: true);
        }
    }

    private async Task<ExportManifest> Build(string folder, ExportManifest? previous, CancellationToken cancel)
    {
        var at = time.GetUtcNow().ToIso();
        var path = Path.Combine(folder, "cooperation.db");
        var export = new SqliteExport(path, catalog);
        var version = await export.Create(database, at, EncodeCursor, cancel);
        // Not the version token: the content at a revision does not depend on the compaction point.
        var id = $"{version.Epoch}-{version.Revision}";
        var files = new List<ExportFile>();
        var recordCount = 0L;
        foreach (var resource in catalog.All)
        {
            var description = new ExportContent(id, "records", "ndjson", resource.Type);
            var ndjsonFiles = await CompressedFiles.Write(folder, $"{resource.Type}.ndjson", description,
                content => WriteRecords(content, export, resource.Type, cancel), cancel);
            files.AddRange(ndjsonFiles);
            files.AddRange(await CompressedFiles.Write(folder, $"{resource.Type}.csv", description with { Format = "csv" },
                content => WriteTable(content, export, resource, cancel), cancel));
            recordCount += ndjsonFiles[0].Rows;
        }
        files.InsertRange(0, await CompressedFiles.Write(folder, "cooperation.db", new(id, "database", "sqlite"), async content =>
        {
            await using var file = File.OpenRead(path);
            await file.CopyToAsync(content, 1 << 20, cancel);
            return recordCount;
        }, cancel));
        File.Delete(path);
        var delta = previous is null ? [] : await WriteDelta(folder, previous, version, cancel);
        return new ExportManifest
        {
            Id = id,
            Epoch = version.Epoch,
            Revision = version.Revision,
            Cursor = EncodeCursor(version),
            At = at,
            License = License,
            Files = [.. files, .. delta],
            PreviousExportId = delta.Count == 0 ? null : previous!.Id,
        };
    }

    private string EncodeCursor(StoreVersion version) => new FeedCursor(version.Epoch, version.Revision).Encode(unfiltered);

    /// <summary>Writes the changes since the previous export, from the feed. Returns no file if the feed no longer has them.</summary>
    private async Task<IReadOnlyList<ExportFile>> WriteDelta(string folder, ExportManifest previous, StoreVersion version,
        CancellationToken cancel)
    {
        try
        {
            return await CompressedFiles.Write(folder, "delta.ndjson", new(version.Token, "delta", "ndjson"),
                content => WriteChanges(content, previous, version, cancel), cancel);
        }
        catch (ProblemException)
        {
            foreach (var partialFile in Directory.GetFiles(folder, "delta.*"))
                File.Delete(partialFile);
            return [];
        }
    }

    private async Task<long> WriteChanges(HashingStream content, ExportManifest previous, StoreVersion version, CancellationToken cancel)
    {
        using var lines = new NdjsonLineWriter(content);
        for (var cursor = new FeedCursor(previous.Epoch, previous.Revision, version.Revision); cursor.Position < version.Revision;)
        {
            var page = await feed.ReadPage(unfiltered, cursor, Limits.MaxPageChanges, cancel);
            foreach (var change in page.Changes)
                await lines.WriteChange(change, cancel);
            cursor = page.Next;
        }
        return await lines.Complete(cancel);
    }

    private static async Task<long> WriteRecords(HashingStream content, SqliteExport export, string type, CancellationToken cancel)
    {
        using var lines = new NdjsonLineWriter(content);
        await foreach (var (id, revision, hash, data) in export.ReadRecords(type, cancel))
            await lines.WriteRecord(type, id, revision, hash, data, cancel);
        return await lines.Complete(cancel);
    }

    private static async Task<long> WriteTable(HashingStream content, SqliteExport export, Resource resource, CancellationToken cancel)
    {
        var count = 0L;
        var rows = export.ReadRecords(resource.Type, cancel).Select(record =>
        {
            count++;
            return new JsonRow(record.Id, record.Data);
        });
        await CsvTableWriter.Write(content, TableColumn.FromType(resource.RecordType), rows, isForExcel: false, cancel);
        return count;
    }
}
