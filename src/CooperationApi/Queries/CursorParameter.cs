using CooperationApi.Http;
using Microsoft.OpenApi;

namespace CooperationApi.Queries;

/// <summary>The parameter `cursor`: the start of a page.</summary>
internal sealed record CursorParameter() : QueryParameter("cursor",
    "Start of the page: the value of `next` from the previous page, unchanged, with the same filters and sort order as before. The example is a cursor of `/v1/meetings`.",
    ExampleCursor)
{
    private static readonly string ExampleCursor = PageCursor.Encode("meetings\n-heldOn\n", "2019-10-26", "hoi-nghi-ha-noi-thai-binh-2019-10-26");

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = PageCursor.Pattern, MinLength = 1, MaxLength = PageCursor.MaxLength };
}
