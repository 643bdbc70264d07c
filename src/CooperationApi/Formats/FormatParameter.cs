using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Formats;

/// <summary>The query parameter `format`, which overrides `Accept`.</summary>
internal sealed record FormatParameter() : QueryParameter("format",
    "Format of the response; overrides `Accept`. Without `format`, `Accept` selects the format: `application/json`, `text/csv`, `application/x-ndjson` or "
    + "`application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`. Only JSON is paged. Any other format has the whole list and cannot be combined "
    + "with `limit`, `cursor`, `total` or `expand`.",
    "csv")
{
    // The parameters of paging and expansion.
    private static readonly string[] JsonOnlyParameters = ["limit", "cursor", "total", "expand"];

    private static readonly IReadOnlyList<string> AllowedValues = [.. FileFormat.All.Select(format => format.Name)];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
    };

    /// <summary>Returns the requested format. Throws a 406 problem if the request accepts no format.</summary>
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

    /// <summary>Returns the requested format, or adds an error and returns null.</summary>
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
