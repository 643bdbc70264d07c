namespace CooperationApi.Formats;

/// <summary>A format of list responses: its value in `format`, its media type and its suffix in entity tags.</summary>
internal sealed record FileFormat(string Name, string MediaType, string ETagSuffix)
{
    public static readonly FileFormat Json = new("json", "application/json", "");
    public static readonly FileFormat Csv = new("csv", "text/csv", "csv");
    public static readonly FileFormat Ndjson = new("ndjson", "application/x-ndjson", "ndjson");
    public static readonly FileFormat Xlsx = new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");

    /// <summary>CSV for Excel: with a byte order mark and with texts escaped that Excel evaluates as formulas.</summary>
    public static readonly FileFormat CsvForExcel = Csv with { ETagSuffix = "csv-excel" };

    /// <summary>All formats. JSON, the only paged format, is the first.</summary>
    public static readonly IReadOnlyList<FileFormat> All = [Json, Csv, Ndjson, Xlsx];

    /// <summary>The media types of <see cref="All"/>, in the same order.</summary>
    public static readonly IReadOnlyList<string> MediaTypes = [.. All.Select(format => format.MediaType)];
}
