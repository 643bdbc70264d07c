using System.Globalization;
using System.IO.Compression;
using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats;

/// <summary>
/// Responds with a list as a file: CSV and NDJSON are streamed, a workbook is sent after it is complete. An error before the first byte
/// gives a problem document; after it the connection is aborted, so the client sees that the file is incomplete.
/// </summary>
internal sealed class FileResponse(HttpContext context, FileFormat format, TableSource table)
{
    private readonly Language language = ContentNegotiation.SelectLanguage(context.Request);

    private string Vary => (format.IsLocalized, format.IsWorkbook) switch
    {
        (true, true) => "Accept, Accept-Language",
        (true, false) => "Accept, Accept-Language, Accept-Encoding",
        _ => "Accept, Accept-Encoding",
    };

    /// <summary>Creates the response with a list in a format; <paramref name="versionToken"/> is the version token of the store.</summary>
    public static ReadResponse Create(HttpContext context, string versionToken, FileFormat format, TableSource table)
    {
        var fileResponse = new FileResponse(context, format, table);
        var tag = fileResponse.GetTag(versionToken);
        var response =
            ReadResponse.NotModifiedIfMatches(context.Request, tag) ?? new(tag, IsWeak: true, []) { Send = _ => fileResponse.Send() };
        return response with { Vary = fileResponse.Vary };
    }

    private string GetTag(string versionToken) =>
        $"{versionToken}-{format.ETagSuffix}{(format.IsLocalized ? "-" + ContentNegotiation.ToLanguageTag(language) : "")}";

    private async Task Send()
    {
        try
        {
            await (format.IsWorkbook ? SendWorkbook() : SendStreamWithTimeout());
        }
        catch when (!context.Response.HasStarted)
        {
            // The problem document replaces the file, so the headers of the file are removed.
            foreach (var header in new[] { "ETag", "Row-Count", "Content-Disposition", "Content-Encoding" })
                context.Response.Headers.Remove(header);
            throw;
        }
    }

    /// <summary>
    /// Ends a slow download: SQLite cannot reuse the WAL while a snapshot is open, so that the file grows with each write (measured: 119 MB
    /// after 60 s with 8 writes per second). A workbook is sent after its snapshot.
    /// </summary>
    private async Task SendStreamWithTimeout()
    {
        var seconds = context.RequestServices.GetRequiredService<LimitsOptions>().DownloadTimeoutSeconds;
        using var timeout = new CancellationTokenSource(seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timeout.Token);
        try
        {
            await SendStream(linked.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new ProblemException(503, "processing_timeout", seconds);
        }
    }

    private Task SendStream(CancellationToken cancel) => table.Enumerate(async rows =>
    {
        EnsureMaxRows(rows.Count);
        var isCompressed = ContentNegotiation.AcceptsGzip(context.Request);
        if (!WriteHeaders(rows, isCompressed))
            return;
        if (!isCompressed)
        {
            await Write(context.Response.Body, rows, cancel);
            return;
        }
        // Not disposed on an exception: disposing writes the gzip trailer, and the file would look complete.
        var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await Write(gzip, rows, cancel);
        await gzip.DisposeAsync();
    }, cancel);

    private Task Write(Stream body, RowStream rows, CancellationToken cancel) => format == FileFormat.Ndjson
        ? NdjsonTableWriter.Write(body, rows.ReadAll(), cancel)
        : CsvTableWriter.Write(body, table.Columns, rows.ReadAll(), isForExcel: format.Profile != FileProfile.Standard, cancel);

    private async Task SendWorkbook()
    {
        FileStream? workbook = null;
        try
        {
            await table.Enumerate(async rows =>
            {
                EnsureMaxRows(rows.Count);
                if (WriteHeaders(rows, isCompressed: false))
                    workbook = await XlsxWriter.WriteToTempFile(table, rows, language, context.RequestAborted);
            }, context.RequestAborted);
            if (workbook is null)
                return;
            context.Response.ContentLength = workbook.Length;
            await workbook.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        finally
        {
            // Also if the request is aborted after the workbook is complete: closing deletes the file.
            if (workbook is not null)
                await workbook.DisposeAsync();
        }
    }

    /// <summary>Throws 400 if the list has more rows than a file for people, or a worksheet, can have.</summary>
    private void EnsureMaxRows(long count)
    {
        if (format.IsReadable && count > FileFormat.MaxReadableRows)
            throw ProblemException.InvalidRequest(
                [new("too_many_readable_rows", count, FileFormat.MaxReadableRows) { Parameter = FormatParameters.Profile.Name }]);
        if (format.IsWorkbook && count > XlsxWriter.MaxRows)
            throw ProblemException.InvalidRequest(
                [new("too_many_rows", count, XlsxWriter.MaxRows) { Parameter = "format", Suggestion = FileFormat.Csv.Name }]);
    }

    /// <summary>
    /// Writes the headers. Returns true if the rows follow: not for HEAD, and not if the client has the current file (304).
    /// </summary>
    private bool WriteHeaders(RowStream rows, bool isCompressed)
    {
        if (ResponseWriter.TryRespondNotModified(context, GetTag(rows.VersionToken), isCompressed, Vary))
            return false;
        var headers = context.Response.Headers;
        headers["Row-Count"] = rows.Count.ToString(CultureInfo.InvariantCulture);
        headers.ContentType = format.IsCsv ? format.MediaType + "; charset=utf-8" : format.MediaType;
        headers.ContentDisposition = $"attachment; filename=\"{table.Name}.{format.Name}\"";
        if (isCompressed)
            headers.ContentEncoding = "gzip";
        if (format.IsLocalized)
            headers.ContentLanguage = ContentNegotiation.ToLanguageTag(language);
        return !HttpMethods.IsHead(context.Request.Method);
    }
}
