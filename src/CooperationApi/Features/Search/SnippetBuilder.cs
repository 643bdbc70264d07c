using CooperationApi.Contracts;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>Builds the snippet of a match.</summary>
internal static class SnippetBuilder
{
    private const int ContextLength = 60, MaxLength = 200;

    /// <summary>Returns the line with the most terms; a long line is cut around its first match.</summary>
    public static Snippet Build(SearchCandidate candidate, SearchTerms terms)
    {
        var line = FindBestLine($"{candidate.Names}\n{candidate.Texts}".Split('\n'), terms);
        var matchedWords = TextFolding.FindWords(line).Where(word => terms.Items.Any(term => term.MatchesWord(word.Folded))).ToList();
        var start = line.Length <= MaxLength || matchedWords.Count == 0
            ? 0
            : Math.Min(matchedWords[0].Start, FindWordStart(line, Math.Max(0, matchedWords[0].Start - ContextLength)));
        var end = line.Length - start <= MaxLength ? line.Length : FindWordStart(line, start + MaxLength);
        var text = line[start..end].TrimEnd();
        return new()
        {
            Text = text,
            Highlights = [.. matchedWords.Where(word => word.Start >= start && word.Start + word.Length <= start + text.Length)
                .Select(word => new TextRange
                {
                    Start = CountCodePoints(line[start..word.Start]),
                    End = CountCodePoints(line[start..(word.Start + word.Length)]),
                })],
        };
    }

    /// <summary>Returns the first of the lines with the most terms.</summary>
    private static string FindBestLine(string[] lines, SearchTerms terms)
    {
        var (best, maxCount) = (lines[0], 0);
        foreach (var line in lines)
        {
            var folded = TextFolding.Fold(line);
            var count = terms.Items.Count(term => term.Matches(folded));
            if (count > maxCount)
                (best, maxCount) = (line, count);
            if (maxCount == terms.Items.Count)
                break;
        }
        return best;
    }

    /// <summary>Returns the start of the first word at or after an offset, so that a snippet has whole words.</summary>
    private static int FindWordStart(string line, int offset)
    {
        var blank = offset == 0 ? -1 : line.IndexOf(' ', offset - 1);
        return offset == 0 ? 0 : blank < 0 ? line.Length : blank + 1;
    }

    private static int CountCodePoints(string text) => text.EnumerateRunes().Count();
}
