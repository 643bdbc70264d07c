using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Formats;

/// <summary>The format of a list, whatever `Accept` says.</summary>
internal sealed record FormatParameter() : QueryParameter("format",
    "The format, whatever `Accept` says. Without it `Accept` decides: `application/json`, `text/csv`, `application/x-ndjson` or "
    + "`application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`. Only JSON has pages; any other format has the whole list, of records as "
    + "they are, and takes no `limit`, `cursor`, `total` or `expand`.",
    "csv")
{
    // What is said of pages, and of what is sent along with their records.
    private static readonly string[] JsonOnlyParameters = ["limit", "cursor", "total", "expand"];

    private static readonly IReadOnlyList<string> AllowedValues = [.. FileFormat.All.Select(format => format.Name)];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
    };

    /// <summary>The format that a list is asked for in. A request that accepts none of them is a 406.</summary>
    public static FileFormat Parse(HttpRequest request, Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        var format = SelectFormat(request, values, errors);
        if (format is not null && format != FileFormat.Json)
        {
            foreach (var name in JsonOnlyParameters.Where(values.ContainsKey))
                errors.Add(new("requires_json_format", name, format.Name) { Parameter = name });
        }
        return ProfileParameter.IsForExcel(format, values, errors) ? FileFormat.CsvForExcel : format ?? FileFormat.Json;
    }

    /// <summary>The format, or null and a fault.</summary>
    private static FileFormat? SelectFormat(HttpRequest request, Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (values.TryGetValue("format", out var value))
        {
            if (FileFormat.All.FirstOrDefault(format => format.Name == value) is { } match)
                return match;
            errors.Add(RequestError.NotOneOf("not_allowed", value, AllowedValues) with { Parameter = "format" });
            return null;
        }
        var mediaType = ContentNegotiation.SelectMediaType(request, FileFormat.MediaTypes)
            ?? throw new ProblemException(406, "not_acceptable", string.Join(", ", FileFormat.MediaTypes));
        return FileFormat.All.Single(format => format.MediaType == mediaType);
    }
}
