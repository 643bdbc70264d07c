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

    /// <summary>The reader for whom the file is written.</summary>
    public static readonly EnumParameter Profile = new("profile",
        "Reader of the file. `standard` (default): a program. `excel`: Excel; a CSV file with a byte order mark, and with an apostrophe "
        + "before a text that begins with `=`, `+`, `-`, `@` or a line feed, because Excel would evaluate it as a formula. `readable`: a "
        + $"person; an XLSX file for printing, or a CSV file as for Excel, with at most {FileFormat.MaxReadableRows} rows, names instead "
        + "of ids, words in the language of `Accept-Language`, and the shortest quote with its link.",
        ToName(FileProfile.Standard), [.. Enum.GetValues<FileProfile>().Select(ToName)], ToName(FileProfile.Standard));

    // The parameters of paging and expansion.
    private static readonly string[] JsonOnlyParameters = ["limit", "cursor", "total", "expand"];

    /// <summary>Returns the requested format. Throws a 406 problem if the request accepts no format.</summary>
    public static FileFormat Read(QueryValues values)
    {
        var (name, profileName) = (Format.Read(values), Profile.Read(values));
        var profile = Enum.GetValues<FileProfile>().FirstOrDefault(profile => ToName(profile) == profileName);
        var formats = GetFormats(profile);
        if (values[Format.Name] is null)
            return EnsureUnpaged(values, Negotiate(values.Request, formats)) with { Profile = profile };
        var format = FileFormat.All.FirstOrDefault(format => format.Name == name);
        if (format is not null && !formats.Contains(format))
        {
            var formatNames = string.Join(", ", formats.Select(item => item.Name));
            values.Errors.Add(new("profile_not_available", ToName(profile), format.Name, formatNames) { Parameter = Profile.Name });
        }
        return EnsureUnpaged(values, format ?? formats[0]) with { Profile = profile };
    }

    /// <summary>Returns the formats of a profile; the first is the default.</summary>
    private static IReadOnlyList<FileFormat> GetFormats(FileProfile profile) => profile switch
    {
        FileProfile.Excel => [FileFormat.Csv],
        FileProfile.Readable => [FileFormat.Xlsx, FileFormat.Csv],
        _ => FileFormat.All,
    };

    private static FileFormat EnsureUnpaged(QueryValues values, FileFormat format)
    {
        if (format == FileFormat.Json)
            return format;
        foreach (var parameter in JsonOnlyParameters.Where(values.All.ContainsKey))
            values.Errors.Add(new("requires_json_format", parameter, format.Name) { Parameter = parameter });
        return format;
    }

    private static FileFormat Negotiate(HttpRequest request, IReadOnlyList<FileFormat> formats)
    {
        var mediaTypes = formats == FileFormat.All ? FileFormat.MediaTypes : [.. formats.Select(format => format.MediaType)];
        var mediaType = ContentNegotiation.SelectMediaType(request, mediaTypes)
            ?? throw new ProblemException(406, "not_acceptable", string.Join(", ", mediaTypes));
        return formats.Single(format => format.MediaType == mediaType);
    }

    private static string ToName(FileProfile profile) => profile.ToString().ToLowerInvariant();
}
