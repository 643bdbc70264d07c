using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Features.Changes;

/// <summary>The query parameter that selects one bucket of the digest.</summary>
internal sealed record BucketParameter() : QueryParameter("bucket", "Bucket whose records are listed: two hexadecimal digits.", "3f")
{
    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Patterns.Bucket, MinLength = 2, MaxLength = 2 };

    /// <summary>Returns the index of the bucket; null if the parameter is absent.</summary>
    public int? Read(QueryValues values)
    {
        if (values[Name] is not { } text)
            return null;
        if (AnchoredPattern.Compile(Patterns.Bucket).IsMatch(text))
            return int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        values.Errors.Add(new("pattern_mismatch", text, Example) { Parameter = Name });
        return null;
    }
}
