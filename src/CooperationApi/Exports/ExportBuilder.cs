using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CooperationApi.Changes;
using CooperationApi.Contracts;
using CooperationApi.Faults;
using CooperationApi.Formats;
using CooperationApi.Resources;
using CooperationApi.Storage;

namespace CooperationApi.Exports;

/// <summary>
/// Builds an export from one state of the store: first the SQLite file, then from that all others, so that the store isn't held. Until it is whole nobody sees
/// any of it.
/// </summary>
internal sealed class ExportBuilder(Database database, Catalog catalog, Feed feed, ExportShelf shelf, TimeProvider time)
{
    private const string License = "CC-BY-4.0";

    private readonly FeedFilter everything = new(catalog, [], provinceId: null);

    /// <summary>Builds one, unless the latest is of this state already. Null if another process is building.</summary>
    public async Task<ExportManifest?> Build(CancellationToken cancel)
    {
        using var reserved = shelf.Reserve();
        if (reserved is null)
            return null;
        var since = await shelf.Latest(cancel);
        if (since is not null && since.Revision == database.Mark.Revision)
            return since;
        var building = shelf.Begin();
        try
        {
            var manifest = await Build(building, since, cancel);
            shelf.Publish(building, manifest);
            return manifest;
        }
        finally
        {
            if (Directory.Exists(building))
                Directory.Delete(building, recursive: true);
        }
    }

    private async Task<ExportManifest> Build(string folder, ExportManifest? since, CancellationToken cancel)
    {
        var at = time.GetUtcNow().ToIso();
        var path = Path.Combine(folder, "cooperation.db");
        var export = new ExportDatabase(path, catalog);
        var mark = await export.Make(database, at, Cursor, cancel);
        var id = mark.Text;
        var files = new List<ExportFile>();
        var records = 0L;
        foreach (var resource in catalog.All)
        {
            var described = Described(id, "records", "ndjson") with { Type = resource.Type };
            var lines = await PackedFile.Write(folder, $"{resource.Type}.ndjson", described, content => WriteLines(content, Lines(export, resource.Type, cancel), cancel), cancel);
            files.AddRange(lines);
            files.AddRange(await PackedFile.Write(folder, $"{resource.Type}.csv", described with { Format = "csv" }, content => WriteTable(content, export, resource, cancel), cancel));
            records += lines[0].Rows;
        }
        files.InsertRange(0, await PackedFile.Write(folder, "cooperation.db", Described(id, "database", "sqlite"), async content =>
        {
            await using var file = File.OpenRead(path);
            await file.CopyToAsync(content, 1 << 20, cancel);
            return records;
        }, cancel));
        File.Delete(path);
        var delta = since is null ? [] : await WriteDelta(folder, Described(id, "delta", "ndjson"), since, mark, cancel);
        return new ExportManifest
        {
            Id = id,
            Epoch = mark.Epoch,
            Revision = mark.Revision,
            Cursor = Cursor(mark),
            At = at,
            License = License,
            Files = [.. files, .. delta],
            Since = delta.Count == 0 ? null : since!.Id,
        };
    }

    private string Cursor(Mark mark) => new FeedCursor(mark.Epoch, mark.Revision).In(everything);

    private static ExportFile Described(string id, string content, string format) => new()
    {
        Name = "",
        Link = $"/v1/exports/{id}/",
        Content = content,
        Format = format,
        Compression = "",
        Rows = 0,
        Bytes = 0,
        Sha256 = "",
        UnpackedBytes = 0,
        UnpackedSha256 = "",
    };

    /// <summary>What changed since another export, as the feed tells it; nothing if it no longer does.</summary>
    private async Task<IReadOnlyList<ExportFile>> WriteDelta(string folder, ExportFile described, ExportManifest since, Mark mark, CancellationToken cancel)
    {
        try
        {
            return await PackedFile.Write(folder, "delta.ndjson", described, content => WriteLines(content, Changes(since, mark, cancel), cancel), cancel);
        }
        catch (ProblemException)
        {
            foreach (var begun in Directory.GetFiles(folder, "delta.*"))
                File.Delete(begun);
            return [];
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Changes(ExportManifest since, Mark mark, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var place = new FeedCursor(since.Epoch, since.Revision, mark.Revision); place.Number < mark.Revision;)
        {
            var page = await feed.Read(everything, place, FeedQuery.MostChanges, cancel);
            foreach (var change in page.Changes)
                yield return change;
            place = page.Next;
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(ExportDatabase export, string type, [EnumeratorCancellation] CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>(4096);
        await using var json = new Utf8JsonWriter(line, new() { Encoder = Wire.Json.Encoder, SkipValidation = true });
        await foreach (var (id, revision, hash, data) in export.Read(type, cancel))
        {
            line.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("id", id);
            json.WriteNumber("revision", revision);
            json.WriteString("hash", hash);
            json.WritePropertyName("data");
            json.WriteRawValue(data, skipInputValidation: true);
            json.WriteEndObject();
            json.Flush();
            yield return line.WrittenMemory;
        }
    }

    /// <summary>Writes lines and the footer, which says how many there are and what the hash of all of them is: a file without it isn't whole.</summary>
    private static async Task<long> WriteLines(MeasuredStream content, IAsyncEnumerable<ReadOnlyMemory<byte>> lines, CancellationToken cancel)
    {
        const int chunk = 256 << 10;
        var buffer = new ArrayBufferWriter<byte>(2 * chunk);
        var rows = 0L;
        await foreach (var line in lines)
        {
            buffer.Write(line.Span);
            buffer.Write("\n"u8);
            rows++;
            if (buffer.WrittenCount < chunk)
                continue;
            await content.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
        await content.WriteAsync(buffer.WrittenMemory, cancel);
        var footer = JsonSerializer.SerializeToUtf8Bytes(new ExportFooter { Rows = rows, Sha256 = content.Sha256() }, Wire.Json);
        await content.WriteAsync((byte[])[.. footer, (byte)'\n'], cancel);
        return rows;
    }

    private static async Task<long> WriteTable(MeasuredStream content, ExportDatabase export, Resource resource, CancellationToken cancel)
    {
        var count = 0L;
        await CsvFile.Write(content, Column.Of(resource.RecordType), Rows(), forExcel: false, cancel);
        return count;

        async IAsyncEnumerable<Row> Rows()
        {
            await foreach (var (id, _, _, data) in export.Read(resource.Type, cancel))
            {
                count++;
                yield return new(id, data);
            }
        }
    }
}
