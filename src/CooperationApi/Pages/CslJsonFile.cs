using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>The citation of a record as CSL-JSON, the data of the Citation Style Language.</summary>
internal sealed class CslJsonFile(PageContext page, IStringLocalizer<PageTexts> text) : IPageFile<RecordState>
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = ApiJson.Options.Encoder, WriteIndented = true };

    public static string ContentType => "application/vnd.citationstyles.csl+json";

    public byte[] Write(RecordState content) => Encoding.UTF8.GetBytes(Format(new(page, text, content)));

    /// <summary>Formats a citation as a list with one item.</summary>
    public static string Format(RecordCitation citation) => new JsonArray(new JsonObject
    {
        ["id"] = citation.Key,
        ["type"] = "webpage",
        ["title"] = citation.Title,
        ["container-title"] = citation.Publisher,
        ["publisher"] = citation.Publisher,
        ["issued"] = new JsonObject
        {
            ["date-parts"] = new JsonArray(new JsonArray(citation.Date.Year, citation.Date.Month, citation.Date.Day)),
        },
        ["version"] = citation.Revision.ToString(CultureInfo.InvariantCulture),
        ["language"] = PageLanguage.GetTag(citation.Language),
        ["URL"] = citation.Url,
        ["note"] = citation.Note,
    }).ToJsonString(Options);
}
