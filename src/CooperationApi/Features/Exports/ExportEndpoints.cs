using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Features.Exports;

/// <summary>The routes of the exports: `/v1/exports/latest` with the manifest, and `/v1/exports/{id}/{file}` with the files.</summary>
internal sealed class ExportEndpoints(ExportDirectory exports, ExportScheduler scheduler, ExportsOptions options, ResourceCatalog catalog)
{
    private const string LatestId = "latest", ExampleId = "5f0c2b9a41d7-638", GzipType = "application/gzip", ZstdType = "application/zstd";

    /// <summary>Describes the route of the latest export.</summary>
    public OperationDescription DescribeLatest() => new("getLatestExport", "exports", "Get the latest export.",
        "Returns the manifest of the latest export: the list of its files, with sizes and hashes. A copy of the data set starts with an "
        + "export. An export has the whole data set at one revision, and the service builds an export every night. The files are NDJSON "
        + "and CSV per type, a SQLite file, and the changes since the previous export, each compressed with gzip and with zstd. Download "
        + "a file from its `link`; `Range` and `If-Range` resume a download. A file never changes, and its strong ETag is its SHA-256. "
        + "The last line of an NDJSON file has the number and the SHA-256 of the lines before it; a file without this line is incomplete. "
        + "After the export, continue with `/v1/changes` and the `cursor` of the manifest. An export expires, by default after 7 days "
        + "(410 `export_expired`), and is withdrawn if one of its records is redacted (410 `export_withdrawn`). After both errors, use "
        + "the latest export.")
    {
        ResponseType = typeof(ExportManifest),
        Example = ("ExportManifest", CreateExample),
        OtherStatuses = [404],
    };

    /// <summary>Describes the route of a file.</summary>
    public static OperationDescription DescribeFile() => new("getExportFile", "exports", "Download a file of an export.",
        "Returns a file that the manifest lists, or the manifest itself as `manifest.json`. With `latest` as the id, the file is from the "
        + "latest export. `Range` with `If-Range` resumes a download.")
    {
        PathParameters =
        [
            new("exportId", "The id of the export, or `latest`.", () => LatestId, Patterns.ExportIdOrLatest, 84),
            new("fileName", "The name of the file.", () => "meetings.ndjson.gz", "^[a-z0-9-]+(\\.[a-z0-9]+)+$", 100),
        ],
        ResponseType = null,
        OtherContent = new Dictionary<string, string>
        {
            [GzipType] = "A gzip file.",
            [ZstdType] = "A Zstandard file.",
            ["application/json"] = "The manifest.",
        },
        Example = ("ExportFile", () => null),
        IgnoresAccept = true,
        OtherRequestHeaders = ["Range", "IfRange"],
        OtherResponseHeaders = ["Accept-Ranges", "Content-Disposition", "Last-Modified", "Repr-Digest"],
        OtherStatuses = [206, 410, 416],
    };

    private JsonNode? CreateExample() => JsonSerializer.SerializeToNode(new ExportManifest
    {
        Id = ExampleId,
        Epoch = "5f0c2b9a41d7",
        Revision = 638,
        Cursor = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 499L, 0L, 0L),
        At = "2026-11-22T18:30:00.000Z",
        License = "CC-BY-4.0",
        Files =
        [
            new()
            {
                Name = "meetings.ndjson.gz",
                Link = $"/v1/exports/{ExampleId}/meetings.ndjson.gz",
                Content = "records",
                Type = catalog["meetings"].Type,
                Format = "ndjson",
                Compression = "gzip",
                Rows = 30,
                Bytes = 18_211,
                Sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                UncompressedBytes = 92_408,
                UncompressedSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            },
        ],
    }, ApiJson.Options);

    /// <summary>Returns the manifest of the latest export. Without an export, requests one and throws 503.</summary>
    public async Task<ReadResponse> GetLatest(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var latest = await FindLatest(context.RequestAborted);
        return ReadResponse.FromJson(latest.Id, latest);
    }

    private async Task<ExportManifest> FindLatest(CancellationToken cancel)
    {
        if (await exports.FindLatest(cancel) is { } latest)
            return latest;
        if (!options.Enabled)
            throw new ProblemException(404, "export_not_found");
        scheduler.RequestNow();
        throw new ProblemException(503, "export_being_built");
    }

    /// <summary>Sends a file of an export, or its manifest.</summary>
    public async Task GetFile(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var (id, fileName) = (context.GetPathParameter("exportId"), context.GetPathParameter("fileName"));
        var export = id == LatestId ? await FindLatest(context.RequestAborted) : await exports.Find(id, context.RequestAborted);
        if (export is null)
        {
            throw exports.FindRemovalReason(id) is { } reason
                ? new ProblemException(410, "export_" + reason, id) { Headers = [("Link", "</v1/exports/latest>; rel=\"latest-version\"")] }
                : ProblemException.NotFound(context.Request.Path);
        }
        if (fileName == ExportDirectory.ManifestName)
        {
            await ResponseWriter.Write(context, new(ReadResponse.FromJson(export.Id, export)));
            return;
        }
        // The path is built from the name in the manifest, never from the request.
        var file = export.Files.FirstOrDefault(file => file.Name == fileName) ?? throw ProblemException.NotFound(context.Request.Path);
        var path = Path.Combine(exports.GetFolder(export.Id), file.Name);
        // A damaged export is removed and built again within a minute.
        if (new FileInfo(path) is not { Exists: true } stored || stored.Length != file.Bytes)
            throw new ProblemException(503, "export_being_built");
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(file.Sha256))}:";
        headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
        await TypedResults.PhysicalFile(path, file.Compression == "zstd" ? ZstdType : GzipType,
            entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""),
            // A server must ignore a range with an unknown unit (RFC 9110, 14.2); ASP.NET Core reads every unit as bytes.
            enableRangeProcessing: context.Request.GetTypedHeaders().Range is null or { Unit.Value: "bytes" }).ExecuteAsync(context);
        // The headers of the file do not apply to a problem document, and a 304 has only the ETag.
        if (context.Response is { StatusCode: 304 or >= 400, HasStarted: false } response)
        {
            foreach (var header in (string[])["Accept-Ranges", "Repr-Digest", "Content-Disposition", "Content-Type", "Last-Modified"])
                headers.Remove(header);
            if (response.StatusCode >= 400)
                (headers.ETag, response.ContentLength) = (default, null);
        }
    }
}
