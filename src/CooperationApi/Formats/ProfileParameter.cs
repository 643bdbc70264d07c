using System.Text.Json.Nodes;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.OpenApi;

namespace CooperationApi.Formats;

/// <summary>The query parameter `profile`: the program for which a CSV file is written.</summary>
internal sealed record ProfileParameter() : QueryParameter("profile",
    "Program that opens the CSV file; valid with CSV only. `excel` adds a byte order mark, and an apostrophe before a text that begins with `=`, `+`, `-`, "
    + "`@` or a line feed, because Excel would evaluate it as a formula.",
    "excel")
{
    private static readonly string[] AllowedValues = ["excel"];

    public override OpenApiSchema Schema => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. AllowedValues.Select(value => JsonValue.Create(value))],
    };

    /// <summary>Returns true if the request has a profile. Adds an error for an unknown profile or a format other than CSV.</summary>
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
