using System.Globalization;
using System.Text;
using CooperationApi.Http.Problems;
using Microsoft.Extensions.Localization;

namespace CooperationApi.Pages;

/// <summary>The citation of a record as BibTeX.</summary>
internal sealed class BibTexFile(PageContext page, IStringLocalizer<PageTexts> text) : IPageFile<RecordState>
{
    public static string ContentType => "application/x-bibtex; charset=utf-8";

    public byte[] Write(RecordState content) => Encoding.UTF8.GetBytes(Format(new(page, text, content)));

    /// <summary>
    /// Formats a citation. The inner braces of the title keep its capitals. `month` is one of the names that BibTeX defines.
    /// </summary>
    public static string Format(RecordCitation citation) =>
        $$$"""
        @misc{{{{citation.Key}}},
          title = {{{{{Escape(citation.Title)}}}}},
          howpublished = {{{{Escape(citation.Publisher)}}}},
          year = {{{{citation.Date.Year}}}},
          month = {{{citation.Date.ToString("MMM", CultureInfo.InvariantCulture).ToLowerInvariant()}}},
          url = {{{{citation.Url}}}},
          language = {{{{(citation.Language == Language.Vietnamese ? "vietnamese" : "english")}}}},
          note = {{{{Escape(citation.Note)}}}}
        }

        """;

    // BibTeX counts braces also after a backslash, so the braces of a text are named.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '{' => escaped.Append(@"\textbraceleft{}"),
                '}' => escaped.Append(@"\textbraceright{}"),
                '\\' => escaped.Append(@"\textbackslash{}"),
                '^' => escaped.Append(@"\textasciicircum{}"),
                '~' => escaped.Append(@"\textasciitilde{}"),
                '%' or '&' or '_' or '#' or '$' => escaped.Append('\\').Append(character),
                _ => escaped.Append(character),
            };
        }
        return escaped.ToString();
    }
}
