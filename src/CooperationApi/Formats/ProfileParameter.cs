using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Formats;

/// <summary>For which program a CSV file is.</summary>
internal sealed record ProfileParameter() : QueryParameter("profile",
    "Only with CSV: `excel` begins the file with a byte order mark, and puts an apostrophe before a text that begins with `=`, `+`, `-`, `@` or a "
    + "line feed, which Excel would calculate. Without it a text stands as it is.",
    "excel")
{
    private static readonly string[] AllowedValues = ["excel"];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
    };

    /// <summary>Whether the file is for Excel; a profile with another format than CSV is a fault.</summary>
    public static bool IsForExcel(FileFormat? format, Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("profile", out var value))
            return false;
        if (!AllowedValues.Contains(value))
            errors.Add(RequestError.NotOneOf("not_allowed", value, AllowedValues) with { Parameter = "profile" });
        if (format is not null && format != FileFormat.Csv)
            errors.Add(new("requires_csv_format", format.Name) { Parameter = "profile" });
        return true;
    }
}
