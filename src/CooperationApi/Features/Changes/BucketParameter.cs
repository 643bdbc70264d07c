using System.Globalization;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Changes;

/// <summary>One of the parts into which all records fall.</summary>
internal sealed record BucketParameter() : QueryParameter("bucket", "One part, of which the records are listed: two hexadecimal digits.", "3f")
{
    public const string Pattern = "^[0-9a-f]{2}$";

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Pattern, MinLength = 2, MaxLength = 2 };

    /// <summary>The part's number; null for all.</summary>
    public static int? Parse(Dictionary<string, string> values, ICollection<RequestError> errors)
    {
        if (!values.TryGetValue("bucket", out var text))
            return null;
        if (AnchoredPattern.Compile(Pattern).IsMatch(text))
            return int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        errors.Add(new("pattern_mismatch", text, Pattern) { Parameter = "bucket" });
        return null;
    }
}
