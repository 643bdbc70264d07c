using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Http.Problems;
using CooperationApi.Pages.Charts;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CooperationApi.Pages;

/// <summary>The request of a page as its components see it: language, addresses, formats and the names of records.</summary>
internal sealed class PageContext(ResourceCatalog catalog, PagesOptions options)
{
    /// <summary>The parameter that selects the province units of a map or matrix.</summary>
    public const string EraParameter = "era";

    /// <summary>The value for the units of the year 2024. Without the parameter, the units are those of today.</summary>
    public const string Era2024 = "2024";

    // Other sites append their own parameters to links; pages ignore them.
    private static readonly string[] OwnParameters =
        ["q", "types", "provinceId", "kind", "region", "pillar", "status", "from", "to", "sort", "cursor", "revision", EraParameter];

    private HttpRequest request = null!;
    private ReferencedRecords? referenced;
    private IReadOnlyDictionary<(string Type, string Id), string>? changeTimes;

    /// <summary>The language of the page.</summary>
    public Language Language { get; private set; }

    /// <summary>True if the page is in Vietnamese, the language of the records.</summary>
    public bool IsVietnamese => Language == Language.Vietnamese;

    /// <summary>The formats of dates, figures and enum values in the language.</summary>
    public ReadableFormatter Format { get; private set; } = null!;

    /// <summary>The revision of the store that the page shows; null for a page about an error.</summary>
    public long? Revision { get; private set; }

    /// <summary>True if there is an address for reports of errors.</summary>
    public bool TakesReports => options.ReportUrl is not null;

    /// <summary>Returns a parameter of the page's address; null if it is absent or empty, like a field of a form.</summary>
    public string? GetParameter(string name) => GetParameter(request, name);

    /// <summary>Returns a parameter of a request; null if it is absent or empty.</summary>
    public static string? GetParameter(HttpRequest request, string name) =>
        (string?)request.Query[name] is { Length: > 0 } value ? value : null;

    /// <summary>The text of the search box.</summary>
    public string? SearchText => request.Query["q"];

    /// <summary>The resources.</summary>
    public ResourceCatalog Catalog => catalog;

    /// <summary>Takes the language and addresses from a request.</summary>
    public void SetRequest(HttpContext context)
    {
        request = context.Request;
        Language = PageLanguage.Get(context);
        Format = new(Language);
    }

    /// <summary>
    /// Takes the records to which the page refers, the times of the last changes of the records that it shows, and the revision at which
    /// it was read.
    /// </summary>
    public void SetContent(ReferencedRecords records, IReadOnlyDictionary<(string Type, string Id), string> times, long revision) =>
        (referenced, changeTimes, Revision) = (records, times, revision);

    /// <summary>Returns the time of the last change of the record that the page shows.</summary>
    public string GetChangeTime(string type, string id) => changeTimes![(type, id)];

    /// <summary>
    /// Returns the text in the language of the page, with the language of the text; the Vietnamese text if there is no English one.
    /// </summary>
    public (string Text, Language Language) Select(string vietnamese, string? english) =>
        IsVietnamese || english is null ? (vietnamese, Language.Vietnamese) : (english, Language.English);

    /// <summary>Returns the address of a path of the service. A language that the reader selected stays selected.</summary>
    public string Link(string path)
    {
        var isPage = !path.StartsWith("/v1/", StringComparison.Ordinal) && !path.StartsWith("/swagger", StringComparison.Ordinal)
            && !path.StartsWith("/assets/", StringComparison.Ordinal);
        return request.PathBase.ToUriComponent()
            + (isPage && HasSelectedLanguage ? AddLanguage(path, Language) : path);
    }

    /// <summary>True if the reader selected the language by the parameter `lang`.</summary>
    public bool HasSelectedLanguage => request.Query.ContainsKey(PageLanguage.ParameterName);

    /// <summary>Returns the address of this list from a cursor on.</summary>
    public string LinkToCursor(string cursor) => Link(request.Path.ToUriComponent() + QueryString.Create(
        SelectOwnParameters().Where(pair => pair.Key != "cursor").Append(KeyValuePair.Create("cursor", (string?)cursor))));

    /// <summary>Returns the address of this page with the province units of an era.</summary>
    public string LinkToEra(ProvinceEra era) => Link(request.Path.ToUriComponent()
        + (era == ProvinceEra.Of2024 ? QueryString.Create(EraParameter, Era2024) : QueryString.Empty));

    /// <summary>Returns the address of another record of the same type.</summary>
    public string LinkToSibling(string id) => Link(string.Join('/', [.. request.Path.ToUriComponent().Split('/').Take(2), id]));

    /// <summary>Returns the address of a record's page.</summary>
    public string LinkTo(string type, string id) => Link($"/{type}/{id}");

    /// <summary>Returns the address of this page in a language.</summary>
    public string LinkToLanguage(Language language) => request.PathBase.ToUriComponent() + AddLanguage(OwnPath, language);

    /// <summary>The public address of this page, without language and unknown parameters.</summary>
    public string CanonicalUrl => ToPublicUrl(OwnPath);

    /// <summary>
    /// Returns the address for reports of errors with the address and revision of this page: in the parameters of a form, or in the subject
    /// and text of a message. Parameters that the setting has are kept. Null if there is no address.
    /// </summary>
    public string? CreateReportUrl(string subject, string text)
    {
        if (options.ReportUrl is not { } reportUrl)
            return null;
        var url = new Uri(reportUrl);
        var given = QueryHelpers.ParseQuery(url.Query);
        Dictionary<string, string?> parameters = url.Scheme == Uri.UriSchemeMailto
            ? new() { ["subject"] = subject, ["body"] = text }
            : new() { ["page"] = CanonicalUrl, ["revision"] = Revision?.ToString(CultureInfo.InvariantCulture) };
        return QueryHelpers.AddQueryString(reportUrl, parameters.Where(parameter => !given.ContainsKey(parameter.Key)));
    }

    /// <summary>Returns the public address of a path.</summary>
    public string ToPublicUrl(string path) =>
        (options.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase.ToUriComponent()}") + path;

    /// <summary>Returns the public address of a path in a language.</summary>
    public string ToPublicUrl(string path, Language language) => ToPublicUrl(AddLanguage(path, language));

    /// <summary>The public address of this page in a language.</summary>
    public string ToPublicUrl(Language language) => ToPublicUrl(OwnPath, language);

    /// <summary>The path and parameters of this page, in the given order, without the language.</summary>
    private string OwnPath => request.Path.ToUriComponent() + QueryString.Create(SelectOwnParameters());

    /// <summary>Finds a record to which the page refers; of several types (`provinces|organizations`), the first that has the id.</summary>
    public (string Type, Record Record)? FindRecord(string types, string id) => referenced?.Find(types, id);

    /// <summary>Returns the name of a record in the language of the page.</summary>
    public (string Text, Language Language) GetName(string type, Record record)
    {
        var (vietnamese, english) = (catalog[type].GetTitle(record), catalog[type].GetTitleEn(record));
        return Select(vietnamese, english);
    }

    /// <summary>Returns the name of a record to which the page refers; the id if it does not exist.</summary>
    public string GetName(string types, string id) => FindRecord(types, id) is var (type, record) ? GetName(type, record).Text : id;

    /// <summary>Returns the path of the page of two province units.</summary>
    public static string GetPairPath(string provinceId, string otherId) => $"/{ResourceTypes.Provinces}/{provinceId}/with/{otherId}";

    /// <summary>Returns the plural name of a type.</summary>
    public string GetTypeName(string type) => Format.GetTypeName(type);

    /// <summary>Returns the address of a source at the words of a citation; null if the source has no address.</summary>
    public string? LinkToQuote(string type, string id, int ordinal, Citation citation, Source? source) =>
        TextDirective.CreateLink(source?.Url, citation.Quote, referenced?.FindDirective(type, id, ordinal));

    /// <summary>Formats the role of a participant, with the capacity.</summary>
    public string FormatRole(Participant participant) => string.Join(", ",
        new[] { Format.GetName<ParticipantRole>(participant.Role), Format.GetName(participant.Capacity) }.OfType<string>());

    /// <summary>Formats a fraction as a percentage.</summary>
    public string FormatShare(double? fraction) => $"{Format.FormatNumber((decimal)Math.Round((fraction ?? 0) * 100))} %";

    private IEnumerable<KeyValuePair<string, string?>> SelectOwnParameters() => request.Query
        .Where(pair => OwnParameters.Contains(pair.Key) && !StringValues.IsNullOrEmpty(pair.Value))
        .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

    private static string AddLanguage(string path, Language language) =>
        $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{PageLanguage.ParameterName}={PageLanguage.GetTag(language)}";
}
