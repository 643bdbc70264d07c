using System.Globalization;
using System.IO.Compression;
using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats;

/// <summary>
/// Answers a list as a file. CSV and NDJSON are sent as they are read, a workbook when it is whole. Whatever fails before the first byte is
/// sent is a problem like any other; after it the connection is broken off, so that no part is taken for the whole.
/// </summary>
internal sealed class FileResponse
{
    private readonly HttpContext context;
    private readonly FileFormat format;
    private readonly TableSource table;
    private readonly Language language;

    private FileResponse(HttpContext context, FileFormat format, TableSource table) =>
        (this.context, this.format, this.table, language) = (context, format, table, ContentNegotiation.SelectLanguage(context.Request));

    private string Vary => format == FileFormat.Xlsx ? "Accept, Accept-Language" : "Accept, Accept-Encoding";

    /// <summary>The answer to whoever asks for a list in a format; <paramref name="versionToken"/> is the store's.</summary>
    public static ReadResponse Create(HttpContext context, string versionToken, FileFormat format, TableSource table)
    {
        var fileResponse = new FileResponse(context, format, table);
        var tag = fileResponse.GetTag(versionToken);
        var response = ResponseCache.NotModifiedIfMatches(context.Request, tag) ?? new(tag, IsWeak: true, []) { Send = _ => fileResponse.Send() };
        return response with { Vary = fileResponse.Vary };
    }

    private string GetTag(string versionToken) => $"{versionToken}-{format.ETagSuffix}{(format == FileFormat.Xlsx ? "-" + ContentNegotiation.ToLanguageTag(language) : "")}";

    private async Task Send()
    {
        try
        {
            await (format == FileFormat.Xlsx ? SendWorkbook() : SendStream());
        }
        catch when (!context.Response.HasStarted)
        {
            // What was announced does not come: a problem does.
            foreach (var header in new[] { "ETag", "Row-Count", "Content-Disposition", "Content-Encoding" })
                context.Response.Headers.Remove(header);
            throw;
        }
    }

    private Task SendStream() => table.Enumerate(async rows =>
    {
        var isCompressed = ContentNegotiation.AcceptsGzip(context.Request);
        if (!WriteHeaders(rows, isCompressed))
            return;
        if (!isCompressed)
        {
            await Write(context.Response.Body, rows);
            return;
        }
        // Not disposed of when something fails: that would write gzip's own end.
        var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await Write(gzip, rows);
        await gzip.DisposeAsync();
    }, context.RequestAborted);

    private Task Write(Stream body, RowStream rows) => format == FileFormat.Ndjson
        ? NdjsonTableWriter.Write(body, rows.ReadAll(), context.RequestAborted)
        : CsvTableWriter.Write(body, table.Columns, rows.ReadAll(), isForExcel: format == FileFormat.CsvForExcel, context.RequestAborted);

    private async Task SendWorkbook()
    {
        FileStream? workbook = null;
        await table.Enumerate(async rows =>
        {
            if (rows.Count > XlsxWriter.MaxRows)
                throw ProblemException.InvalidRequest([new("too_many_rows", rows.Count, XlsxWriter.MaxRows) { Parameter = "format", Suggestion = FileFormat.Csv.Name }]);
            if (WriteHeaders(rows, isCompressed: false))
                workbook = await XlsxWriter.WriteToTempFile(table, rows, language, context.RequestAborted);
        }, context.RequestAborted);
        if (workbook is null)
            return;
        await using var file = workbook;
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Sends all that is known before the rows are. True if they are to follow: not to a HEAD, nor to whoever has them.</summary>
    private bool WriteHeaders(RowStream rows, bool isCompressed)
    {
        if (ResponseCache.TryRespondNotModified(context, GetTag(rows.VersionToken) + (isCompressed ? ResponseCache.GzipSuffix : ""), Vary))
            return false;
        var headers = context.Response.Headers;
        headers["Row-Count"] = rows.Count.ToString(CultureInfo.InvariantCulture);
        headers.ContentType = format.Name == FileFormat.Csv.Name ? format.MediaType + "; charset=utf-8" : format.MediaType;
        headers.ContentDisposition = $"attachment; filename=\"{table.Name}.{format.Name}\"";
        if (isCompressed)
            headers.ContentEncoding = "gzip";
        if (format == FileFormat.Xlsx)
            headers.ContentLanguage = ContentNegotiation.ToLanguageTag(language);
        return !HttpMethods.IsHead(context.Request.Method);
    }
}
