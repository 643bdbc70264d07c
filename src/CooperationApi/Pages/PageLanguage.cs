using System.Globalization;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Localization;

namespace CooperationApi.Pages;

/// <summary>
/// The language of pages: Vietnamese, unless the parameter `lang` or the header `Accept-Language` selects English. Only the UI culture,
/// which selects the texts, follows the request: the queries of a page format and compare in the invariant culture, like those of the API.
/// </summary>
internal static class PageLanguage
{
    /// <summary>The query parameter that selects a language.</summary>
    public const string ParameterName = "lang";

    /// <summary>The languages, the default first.</summary>
    public static readonly IReadOnlyList<Language> All = [Language.Vietnamese, Language.English];

    /// <summary>Configures the middleware that selects the language.</summary>
    public static void Configure(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new(CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo(GetTag(All[0])));
        options.SupportedCultures = [CultureInfo.InvariantCulture];
        options.SupportedUICultures = [.. All.Select(language => CultureInfo.GetCultureInfo(GetTag(language)))];
        options.ApplyCurrentCultureToResponseHeaders = true;
        options.RequestCultureProviders =
        [
            new QueryStringRequestCultureProvider { QueryStringKey = ParameterName, UIQueryStringKey = ParameterName },
            new AcceptLanguageHeaderRequestCultureProvider(),
        ];
    }

    /// <summary>Returns the language that the middleware selected for a request.</summary>
    public static Language Get(HttpContext context) =>
        context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName == GetTag(Language.English)
            ? Language.English
            : Language.Vietnamese;

    /// <summary>Returns the tag of a language: `vi` or `en`.</summary>
    public static string GetTag(Language language) => ContentNegotiation.ToLanguageTag(language);
}
