using CooperationApi.Contracts;

namespace CooperationApi.Http.Problems;

/// <summary>Shows problem documents as pages for people.</summary>
internal interface IProblemPage
{
    /// <summary>The media type of a page.</summary>
    const string ContentType = "text/html; charset=utf-8";

    /// <summary>Returns true if the request is for a page.</summary>
    bool IsRequested(HttpContext context);

    /// <summary>Returns the language of the page.</summary>
    Language GetLanguage(HttpContext context);

    /// <summary>Renders the page, and sets its own headers.</summary>
    Task<byte[]> Render(HttpContext context, Problem problem);
}
