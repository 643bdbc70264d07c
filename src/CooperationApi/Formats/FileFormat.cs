namespace CooperationApi.Formats;

/// <summary>A format in which lists are answered: its word in `format`, its media type, and the mark of it in tags.</summary>
internal sealed record FileFormat(string Name, string MediaType, string ETagSuffix)
{
    public static readonly FileFormat Json = new("json", "application/json", "");
    public static readonly FileFormat Csv = new("csv", "text/csv", "csv");
    public static readonly FileFormat Ndjson = new("ndjson", "application/x-ndjson", "ndjson");
    public static readonly FileFormat Xlsx = new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");

    /// <summary>CSV as Excel opens it: with a byte order mark, and without a text that it would calculate.</summary>
    public static readonly FileFormat CsvForExcel = Csv with { ETagSuffix = "csv-excel" };

    /// <summary>All formats by their words; JSON, which comes in pages, first.</summary>
    public static readonly IReadOnlyList<FileFormat> All = [Json, Csv, Ndjson, Xlsx];

    /// <summary>Their media types, in the same order.</summary>
    public static readonly IReadOnlyList<string> MediaTypes = [.. All.Select(format => format.MediaType)];
}
