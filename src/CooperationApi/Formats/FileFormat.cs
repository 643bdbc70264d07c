namespace CooperationApi.Formats;

/// <summary>A format of list responses: its value in `format`, its media type, and the profile of the file.</summary>
internal sealed record FileFormat(string Name, string MediaType, FileProfile Profile = FileProfile.Standard)
{
    /// <summary>The maximum number of rows of a file for people. The names to which its rows refer are held in memory.</summary>
    public const int MaxReadableRows = 10_000;

    public static readonly FileFormat Json = new("json", "application/json");
    public static readonly FileFormat Csv = new("csv", "text/csv");
    public static readonly FileFormat Ndjson = new("ndjson", "application/x-ndjson");
    public static readonly FileFormat Xlsx = new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    /// <summary>All formats. JSON, the only paged format, is the first.</summary>
    public static readonly IReadOnlyList<FileFormat> All = [Json, Csv, Ndjson, Xlsx];

    /// <summary>The media types of <see cref="All"/>, in the same order.</summary>
    public static readonly IReadOnlyList<string> MediaTypes = [.. All.Select(format => format.MediaType)];

    public bool IsCsv => Name == Csv.Name;

    public bool IsWorkbook => Name == Xlsx.Name;

    /// <summary>True if the file is for people: names instead of ids, and words instead of values.</summary>
    public bool IsReadable => Profile == FileProfile.Readable;

    /// <summary>True if the content depends on the language of the request.</summary>
    public bool IsLocalized => IsWorkbook || IsReadable;

    /// <summary>The suffix in entity tags.</summary>
    public string ETagSuffix => Profile == FileProfile.Standard ? Name : $"{Name}-{Profile.ToString().ToLowerInvariant()}";
}
