using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>Where a page begins.</summary>
internal sealed record CursorParameter() : QueryParameter("cursor",
    "Where the page begins: `next` of the page before, as it was given, with the same filters and order. The example is one of `/v1/meetings`.",
    ExampleCursor)
{
    private static readonly string ExampleCursor = PageCursor.Encode("meetings\n-heldOn\n", "2019-10-26", "hoi-nghi-ha-noi-thai-binh-2019-10-26");

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = PageCursor.Pattern, MinLength = 1, MaxLength = PageCursor.MaxLength };
}
