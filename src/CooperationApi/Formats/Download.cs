using System.Globalization;
using System.IO.Compression;
using CooperationApi.Faults;
using CooperationApi.Http;

namespace CooperationApi.Formats;

/// <summary>
/// Answers a list as a file. CSV and NDJSON are sent as they are read, a workbook when it is whole. Whatever fails before the first byte is
/// sent is a problem like any other; after it the connection is broken off, so that no part is taken for the whole.
/// </summary>
internal sealed class Download
{
    private readonly HttpContext context;
    private readonly Format format;
    private readonly Listing listing;
    private readonly Language language;

    private Download(HttpContext context, Format format, Listing listing) =>
        (this.context, this.format, this.listing, language) = (context, format, listing, Accepted.Language(context.Request));

    private string Vary => format == Format.Xlsx ? "Accept, Accept-Language" : "Accept, Accept-Encoding";

    /// <summary>The answer to whoever asks for a list in a format; <paramref name="state"/> is the store's.</summary>
    public static Answer Of(HttpContext context, string state, Format format, Listing listing)
    {
        var download = new Download(context, format, listing);
        var tag = download.Tag(state);
        var answer = Answers.Known(context.Request, tag) ?? new(tag, IsWeak: true, []) { Send = _ => download.Send() };
        return answer with { Vary = download.Vary };
    }

    private string Tag(string state) => $"{state}-{format.Mark}{(format == Format.Xlsx ? "-" + Accepted.TagOf(language) : "")}";

    private async Task Send()
    {
        try
        {
            await (format == Format.Xlsx ? SendWorkbook() : SendStream());
        }
        catch when (!context.Response.HasStarted)
        {
            // What was announced does not come: a problem does.
            foreach (var header in new[] { "ETag", "Row-Count", "Content-Disposition", "Content-Encoding" })
                context.Response.Headers.Remove(header);
            throw;
        }
    }

    private Task SendStream() => listing.Read(async rows =>
    {
        var isPacked = Accepted.Gzip(context.Request);
        if (!Announce(rows, isPacked))
            return;
        if (!isPacked)
        {
            await Write(context.Response.Body, rows);
            return;
        }
        // Not disposed of when something fails: that would write gzip's own end.
        var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await Write(packed, rows);
        await packed.DisposeAsync();
    }, context.RequestAborted);

    private Task Write(Stream body, Rows rows) => format == Format.Ndjson
        ? NdjsonFile.Write(body, rows.All(), context.RequestAborted)
        : CsvFile.Write(body, listing.Columns, rows.All(), forExcel: format == Format.CsvForExcel, context.RequestAborted);

    private async Task SendWorkbook()
    {
        FileStream? built = null;
        await listing.Read(async rows =>
        {
            if (rows.Count > Workbook.MostRows)
                throw ProblemException.Invalid([new("too_many_rows", rows.Count, Workbook.MostRows) { Parameter = "format", Suggestion = Format.Csv.Name }]);
            if (Announce(rows, isPacked: false))
                built = await Workbook.Build(listing, rows, language, context.RequestAborted);
        }, context.RequestAborted);
        if (built is null)
            return;
        await using var file = built;
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Sends all that is known before the rows are. True if they are to follow: not to a HEAD, nor to whoever has them.</summary>
    private bool Announce(Rows rows, bool isPacked)
    {
        if (Answers.IsKnown(context, Tag(rows.State) + (isPacked ? Answers.GzipSuffix : ""), Vary))
            return false;
        var headers = context.Response.Headers;
        headers["Row-Count"] = rows.Count.ToString(CultureInfo.InvariantCulture);
        headers.ContentType = format.Name == Format.Csv.Name ? format.MediaType + "; charset=utf-8" : format.MediaType;
        headers.ContentDisposition = $"attachment; filename=\"{listing.Name}.{format.Name}\"";
        if (isPacked)
            headers.ContentEncoding = "gzip";
        if (format == Format.Xlsx)
            headers.ContentLanguage = Accepted.TagOf(language);
        return !HttpMethods.IsHead(context.Request.Method);
    }
}
