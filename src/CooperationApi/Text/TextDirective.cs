using System.Text;

namespace CooperationApi.Text;

/// <summary>
/// The text directive of a URL (WICG, URL Fragment Text Directives): a browser opens the page at the words <see cref="TextStart"/>, or at
/// the passage from these words to <see cref="TextEnd"/>. Prefix and suffix are words beside the passage, which the browser does not mark.
/// </summary>
internal sealed record TextDirective(string TextStart)
{
    // Separates the directives from the rest of the fragment.
    private const string Delimiter = ":~:";

    /// <summary>The words before the passage; null if the passage needs none.</summary>
    public string? Prefix { get; init; }

    /// <summary>The last words of a passage that is not written in full; null if <see cref="TextStart"/> is the whole passage.</summary>
    public string? TextEnd { get; init; }

    /// <summary>The words after the passage; null if the passage needs none.</summary>
    public string? Suffix { get; init; }

    /// <summary>Creates the directive of a quote whose source text is unknown.</summary>
    public static TextDirective FromQuote(string quote) => new SourceWords(quote).CreateDirective(0, int.MaxValue);

    /// <summary>
    /// Returns the URL of a source, so that it opens at the quote; null for a source without a URL. <paramref name="storedDirective"/> is
    /// the directive that was derived from the text of the source; null if the quote alone gives the same. Without a quote, the URL opens
    /// at its start.
    /// </summary>
    public static string? CreateLink(string? url, string? quote, string? storedDirective) =>
        url is null || quote is null ? url : AddTo(url, storedDirective ?? FromQuote(quote).Format());

    /// <summary>Adds a directive to a URL. Its fragment remains, and its directives are replaced.</summary>
    public static string AddTo(string url, string directive)
    {
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        var delimiter = fragment < 0 ? -1 : url.IndexOf(Delimiter, fragment, StringComparison.Ordinal);
        return $"{(delimiter < 0 ? url : url[..delimiter])}{(fragment < 0 ? "#" : "")}{Delimiter}{directive}";
    }

    /// <summary>Returns the directive with percent-encoded words: `text=prefix-,textStart,textEnd,-suffix`.</summary>
    public string Format() => "text=" + (Prefix is null ? "" : $"{Encode(Prefix)}-,") + Encode(TextStart)
        + (TextEnd is null ? "" : $",{Encode(TextEnd)}") + (Suffix is null ? "" : $",-{Encode(Suffix)}");

    /// <summary>
    /// Encodes words as UTF-8 with percent signs. Comma, ampersand and hyphen are syntax of the directive, so they are encoded too. Each
    /// blank becomes one space, and invisible characters are dropped, as in a browser's rendering of HTML.
    /// </summary>
    public static string Encode(string words)
    {
        var visible = new StringBuilder(words.Length);
        foreach (var character in words.Where(character => !IsInvisible(character)))
        {
            if (!char.IsWhiteSpace(character))
                visible.Append(character);
            else if (visible.Length > 0 && visible[^1] != ' ')
                visible.Append(' ');
        }
        return Uri.EscapeDataString(visible.ToString().TrimEnd()).Replace("-", "%2D", StringComparison.Ordinal);
    }

    // Soft hyphen, zero-width space, word joiner, byte order mark.
    private static bool IsInvisible(char character) => character is '\u00AD' or '\u200B' or '\u2060' or '\uFEFF';
}
