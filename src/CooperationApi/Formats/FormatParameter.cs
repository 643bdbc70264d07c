using System.Text.Json.Nodes;
using CooperationApi.Faults;
using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Formats;

/// <summary>The format of a list, whatever `Accept` says.</summary>
internal sealed record FormatParameter() : Parameter("format",
    "The format, whatever `Accept` says. Without it `Accept` decides: `application/json`, `text/csv`, `application/x-ndjson` or "
    + "`application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`. Only JSON has pages; any other format has the whole list, of records as "
    + "they are, and takes no `limit`, `cursor`, `total` or `expand`.",
    "csv")
{
    // What is said of pages, and of what is sent along with their records.
    private static readonly string[] OnlyInJson = ["limit", "cursor", "total", "expand"];

    private static readonly IReadOnlyList<string> Words = [.. Format.All.Select(format => format.Name)];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Words.Select(word => JsonValue.Create(word))],
    };

    /// <summary>The format that a list is asked for in. A request that accepts none of them is a 406.</summary>
    public static Format Read(HttpRequest request, Dictionary<string, string> values, ICollection<Fault> faults)
    {
        var format = Asked(request, values, faults);
        if (format is not null && format != Format.Json)
        {
            foreach (var name in OnlyInJson.Where(values.ContainsKey))
                faults.Add(new("only_in_json", name, format.Name) { Parameter = name });
        }
        return ProfileParameter.IsForExcel(format, values, faults) ? Format.CsvForExcel : format ?? Format.Json;
    }

    /// <summary>The format, or null and a fault.</summary>
    private static Format? Asked(HttpRequest request, Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (values.TryGetValue("format", out var word))
        {
            if (Format.All.FirstOrDefault(format => format.Name == word) is { } named)
                return named;
            faults.Add(Fault.NotAmong("not_allowed", word, Words) with { Parameter = "format" });
            return null;
        }
        var type = Accepted.MediaType(request, Format.MediaTypes)
            ?? throw new ProblemException(406, "not_acceptable", string.Join(", ", Format.MediaTypes));
        return Format.All.Single(format => format.MediaType == type);
    }
}

/// <summary>For which program a CSV file is.</summary>
internal sealed record ProfileParameter() : Parameter("profile",
    "Only with CSV: `excel` begins the file with a byte order mark, and puts an apostrophe before a text that begins with `=`, `+`, `-`, `@` or a "
    + "line feed, which Excel would calculate. Without it a text stands as it is.",
    "excel")
{
    private static readonly string[] Words = ["excel"];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Words.Select(word => JsonValue.Create(word))],
    };

    /// <summary>Whether the file is for Excel; a profile with another format than CSV is a fault.</summary>
    public static bool IsForExcel(Format? format, Dictionary<string, string> values, ICollection<Fault> faults)
    {
        if (!values.TryGetValue("profile", out var word))
            return false;
        if (!Words.Contains(word))
            faults.Add(Fault.NotAmong("not_allowed", word, Words) with { Parameter = "profile" });
        if (format is not null && format != Format.Csv)
            faults.Add(new("only_of_csv", format.Name) { Parameter = "profile" });
        return true;
    }
}
