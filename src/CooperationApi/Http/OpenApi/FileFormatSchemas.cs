using CooperationApi.Formats;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>Describes the file formats of lists in the document.</summary>
internal static class FileFormatSchemas
{
    /// <summary>The description of a list response, including the check that a file is complete.</summary>
    public const string Description =
        "A page of the list as JSON, or the whole list as a file in another format. `Row-Count` is the number of rows in the file. CSV "
        + "and NDJSON are streamed without a length: the file is complete if the HTTP transfer ends normally and the file has that many "
        + "rows. If an error occurs during the transfer, the service aborts the connection. A workbook is sent only after it is complete, "
        + "with its length.";

    /// <summary>The headers of a file response.</summary>
    public static readonly IReadOnlyList<string> Headers = ["Row-Count", "Content-Disposition", "Content-Language"];

    private static readonly Dictionary<FileFormat, (string Name, string Description)> Schemas = new()
    {
        [FileFormat.Csv] = ("CsvFile",
            "CSV (RFC 4180) in UTF-8. The headings are the member names. Objects and arrays are written as JSON, absent values as empty "
            + "fields."),
        [FileFormat.Ndjson] = ("NdjsonFile", "One JSON record per line."),
        [FileFormat.Xlsx] = ("XlsxFile",
            "A workbook with one sheet. Numbers, booleans and full dates are typed cells; objects and arrays are JSON text. The headings "
            + "are the member names, or Vietnamese with `Accept-Language: vi`. A workbook has at most 1,048,575 rows, and 32,767 "
            + "characters per cell."),
    };

    /// <summary>Adds the file formats to the content of a response.</summary>
    public static void AddTo(IDictionary<string, OpenApiMediaType> content, OpenApiDocument document)
    {
        foreach (var (format, (name, description)) in Schemas)
        {
            document.Components!.Schemas!.TryAdd(name, SharedComponents.CreateContentSchema(description, format.MediaType));
            content[format.MediaType] = new() { Schema = new OpenApiSchemaReference(name, document) };
        }
    }
}
