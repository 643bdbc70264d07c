using CooperationApi.Formats;
using Microsoft.OpenApi;

namespace CooperationApi.Http.OpenApi;

/// <summary>How the document shows lists that come as files.</summary>
internal static class FileFormatSchemas
{
    /// <summary>What is answered, and how a client tells a whole file from a part of one.</summary>
    public const string Description =
        "A page of the list, as JSON; or the whole list as a file, in another format. `Row-Count` says how many rows a file has. CSV and NDJSON "
        + "are sent while they are read, without a length: a file is whole if the transfer ended as HTTP says it must and the file has that many rows. "
        + "When something fails on the way the connection is broken off. A workbook is sent, with its length, when it is whole.";

    /// <summary>The headers of a file.</summary>
    public static readonly IReadOnlyList<string> Headers = ["Row-Count", "Content-Disposition", "Content-Language"];

    private static readonly Dictionary<FileFormat, (string Name, string Description)> Schemas = new()
    {
        [FileFormat.Csv] = ("CsvFile",
            "RFC 4180 in UTF-8. The headings are the members' names; texts, numbers, `true` and `false` stand as they are, objects and lists as JSON; what has no value is empty."),
        [FileFormat.Ndjson] = ("NdjsonFile", "A record a line, as JSON."),
        [FileFormat.Xlsx] = ("XlsxFile",
            "A workbook of one sheet: numbers and whole dates as such, all else as text, objects and lists as JSON. The headings are the members' names, or with "
            + "`Accept-Language: vi` Vietnamese. At most 1048575 rows, and 32767 characters in a cell."),
    };

    /// <summary>Adds the formats besides JSON to what an answer can be.</summary>
    public static void AddTo(IDictionary<string, OpenApiMediaType> content, OpenApiDocument document)
    {
        foreach (var (format, (name, description)) in Schemas)
        {
            document.Components!.Schemas!.TryAdd(name, new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "binary",
                MaxLength = int.MaxValue,
                Description = description,
            });
            content[format.MediaType] = new() { Schema = new OpenApiSchemaReference(name, document) };
        }
    }
}
