using CooperationApi.Http;
using CooperationApi.Http.Problems;

namespace CooperationApi.Formats;

/// <summary>The query parameters that select the format of a list.</summary>
internal static class FormatParameters
{
    /// <summary>The format, which overrides `Accept`.</summary>
    public static readonly EnumParameter Format = new("format",
        "Format of the response; overrides `Accept`. Without `format`, `Accept` selects the format: `application/json`, `text/csv`, "
        + "`application/x-ndjson` or `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`. Only JSON is paged. Any other "
        + "format has the whole list and cannot be combined with `limit`, `cursor`, `total` or `expand`.",
        FileFormat.Json.Name, [.. FileFormat.All.Select(format => format.Name)]);

    /// <summary>The program for which a CSV file is written.</summary>
    public static readonly EnumParameter Profile = new("profile",
        "Program that opens the file. `excel`: a CSV file with a byte order mark, and with an apostrophe before a text that begins with "
        + "`=`, `+`, `-`, `@` or a line feed, because Excel would evaluate it as a formula; valid with CSV only. `standard` (default): "
        + "the values are unchanged.",
        StandardProfile, [StandardProfile, ExcelProfile], StandardProfile);

    private const string StandardProfile = "standard", ExcelProfile = "excel";

    // The parameters of paging and expansion.
    private static readonly string[] JsonOnlyParameters = ["limit", "cursor", "total", "expand"];

    /// <summary>Returns the requested format. Throws a 406 problem if the request accepts no format.</summary>
    public static FileFormat Read(QueryValues values)
    {
        var name = Format.Read(values);
        var format = values[Format.Name] is null ? Negotiate(values.Request) : FileFormat.All.FirstOrDefault(format => format.Name == name);
        if (format is not null && format != FileFormat.Json)
        {
            foreach (var parameter in JsonOnlyParameters.Where(values.All.ContainsKey))
                values.Errors.Add(new("requires_json_format", parameter, format.Name) { Parameter = parameter });
        }
        if (Profile.Read(values) != ExcelProfile)
            return format ?? FileFormat.Json;
        if (format is not null && format != FileFormat.Csv)
            values.Errors.Add(new("requires_csv_format", format.Name) { Parameter = Profile.Name });
        return FileFormat.CsvForExcel;
    }

    private static FileFormat Negotiate(HttpRequest request)
    {
        var mediaType = ContentNegotiation.SelectMediaType(request, FileFormat.MediaTypes)
            ?? throw new ProblemException(406, "not_acceptable", string.Join(", ", FileFormat.MediaTypes));
        return FileFormat.All.Single(format => format.MediaType == mediaType);
    }
}
