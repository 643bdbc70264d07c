namespace CooperationApi.Formats;

/// <summary>A format in which lists are answered: its word in `format`, its media type, and the mark of it in tags.</summary>
internal sealed record Format(string Name, string MediaType, string Mark)
{
    public static readonly Format Json = new("json", "application/json", "");
    public static readonly Format Csv = new("csv", "text/csv", "csv");
    public static readonly Format Ndjson = new("ndjson", "application/x-ndjson", "ndjson");
    public static readonly Format Xlsx = new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");

    /// <summary>CSV as Excel opens it: with a byte order mark, and without a text that it would calculate.</summary>
    public static readonly Format CsvForExcel = Csv with { Mark = "csv-excel" };

    /// <summary>All formats by their words; JSON, which comes in pages, first.</summary>
    public static readonly IReadOnlyList<Format> All = [Json, Csv, Ndjson, Xlsx];

    /// <summary>Their media types, in the same order.</summary>
    public static readonly IReadOnlyList<string> MediaTypes = [.. All.Select(format => format.MediaType)];
}
