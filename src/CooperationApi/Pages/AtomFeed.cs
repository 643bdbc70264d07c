using System.Globalization;
using System.Xml;
using CooperationApi.Contracts;
using CooperationApi.Resources;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>
/// The latest changes of all records, or of the records that refer to a province, as an Atom feed (RFC 4287). Each change is an entry with
/// its own id, so a reader shows each change once.
/// </summary>
internal sealed class AtomFeed(PageContext page, IStringLocalizer<PageTexts> text) : IPageFile<AtomFeed.LatestChanges>
{
    private const string AtomNamespace = "http://www.w3.org/2005/Atom", MediaType = "application/atom+xml";

    /// <summary>The path of the feed of all records. The feed of a province has the same name under the page of the province.</summary>
    public const string Path = "/changes.atom";

    private const int MaxEntries = 50;

    /// <summary>The content: the entries, newest first, of one province or of all, and the time of the last change.</summary>
    public sealed record LatestChanges(Province? Province, string UpdatedAt, IReadOnlyList<FeedEntry> Entries);

    public static string ContentType => $"{MediaType}; charset=utf-8";

    public static async Task<LatestChanges> Read(PageReader reader)
    {
        var entries = await reader.ReadLatestChanges(provinceId: null, MaxEntries);
        // Only a store without records has no changes.
        return new(null, FindTime(entries) ?? DateTime.UnixEpoch.ToString("O", CultureInfo.InvariantCulture), entries);
    }

    public static async Task<LatestChanges> Read(PageReader reader, Province province)
    {
        var entries = await reader.ReadLatestChanges(province.Id, MaxEntries);
        return new(province, FindTime(entries) ?? reader.GetChangeTime(ResourceTypes.Provinces, province.Id), entries);
    }

    private static string? FindTime(IReadOnlyList<FeedEntry> entries) => entries.Count > 0 ? entries[0].Change.At : null;

    public byte[] Write(LatestChanges content) => XmlFile.Write(xml =>
    {
        var path = content.Province is { } province ? $"/{ResourceTypes.Provinces}/{province.Id}" : "/";
        xml.WriteStartElement("feed", AtomNamespace);
        xml.WriteAttributeString("xml", "lang", null, PageLanguage.GetTag(page.Language));
        xml.WriteElementString("id", CreateId($"{path.TrimEnd('/')}/changes"));
        xml.WriteElementString("title", content.Province is null
            ? text["FeedTitle"]
            : text["FeedTitleOf", page.GetName(ResourceTypes.Provinces, content.Province).Text]);
        xml.WriteElementString("updated", content.UpdatedAt);
        // The feed has an author because its entries have none.
        xml.WriteStartElement("author");
        xml.WriteElementString("name", text["SiteName"]);
        xml.WriteEndElement();
        WriteLink(xml, "self", MediaType, page.HasSelectedLanguage ? page.ToPublicUrl(page.Language) : page.CanonicalUrl);
        WriteLink(xml, "alternate", "text/html", GetPageUrl(path));
        foreach (var entry in content.Entries)
            WriteEntry(xml, entry);
        xml.WriteEndElement();
    });

    private void WriteEntry(XmlWriter xml, FeedEntry entry)
    {
        var change = entry.Change;
        xml.WriteStartElement("entry");
        xml.WriteElementString("id", CreateId($"/{change.Type}/{change.Id}/{change.Revision}"));
        xml.WriteElementString("title", FormatTitle(entry));
        xml.WriteElementString("updated", change.At);
        WriteLink(xml, "alternate", "text/html", GetPageUrl($"/{change.Type}/{change.Id}"));
        xml.WriteStartElement("category");
        xml.WriteAttributeString("term", change.Type);
        xml.WriteAttributeString("label", page.GetTypeName(change.Type));
        xml.WriteEndElement();
        xml.WriteElementString("summary",
            $"{page.GetTypeName(change.Type)}, {text["RevisionNumber", page.Format.FormatNumber(change.Revision)!]}");
        xml.WriteEndElement();
    }

    private string FormatTitle(FeedEntry entry)
    {
        var (type, reason) = (entry.Change.Type, entry.Change.Reason);
        // The words of a redacted record are deleted, and so are those of a deleted record that was redacted afterwards.
        var name = reason == "redacted" || entry.Record is null ? page.GetTypeName(type) : page.GetName(type, entry.Record).Text;
        return reason switch
        {
            null => name,
            "merged" => text["EntryMerged", name],
            "redacted" => text["EntryRedacted", name],
            "filter" => text["EntryUnrelated", name],
            _ => text["EntryDeleted", name],
        };
    }

    private static void WriteLink(XmlWriter xml, string relation, string type, string url)
    {
        xml.WriteStartElement("link");
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", url);
        xml.WriteEndElement();
    }

    private string GetPageUrl(string path) =>
        page.HasSelectedLanguage ? page.ToPublicUrl(path, page.Language) : page.ToPublicUrl(path);

    // A tag URI (RFC 4151): the host, a year in which the host published the service, and the path.
    private string CreateId(string path)
    {
        var url = new Uri(page.ToPublicUrl(path));
        return $"tag:{url.IdnHost},2026:{url.AbsolutePath}";
    }
}
