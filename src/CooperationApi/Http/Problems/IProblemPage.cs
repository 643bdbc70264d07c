using CooperationApi.Contracts;

namespace CooperationApi.Http.Problems;

/// <summary>Shows problem documents as pages for people.</summary>
internal interface IProblemPage
{
    /// <summary>The media type of a page.</summary>
    const string ContentType = "text/html; charset=utf-8";

    /// <summary>True if the service has pages.</summary>
    bool IsEnabled { get; }

    /// <summary>Returns the path of the page that explains a problem code.</summary>
    static string GetCodePath(string code) => $"/problems/{code}";

    /// <summary>Returns true if the request is for a page.</summary>
    bool IsRequested(HttpContext context);

    /// <summary>Returns the language of the page.</summary>
    Language GetLanguage(HttpContext context);

    /// <summary>Renders the page, and sets its own headers.</summary>
    Task<byte[]> Render(HttpContext context, Problem problem);
}
