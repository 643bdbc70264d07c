using CooperationApi.Contracts;
using CooperationApi.Text;

namespace CooperationApi.Features.Search;

/// <summary>The part of a record's texts that fits best.</summary>
internal static class SnippetBuilder
{
    private const int ContextLength = 60, MaxLength = 200;

    /// <summary>The line with the most of the terms, or as much of it as surrounds the first.</summary>
    public static Snippet Build(SearchCandidate candidate, SearchTerms terms)
    {
        var line = FindBestLine($"{candidate.Names}\n{candidate.Texts}".Split('\n'), terms);
        var matchedWords = TextFolding.FindWords(line).Where(word => terms.Items.Any(term => term.MatchesWord(word.Folded))).ToList();
        var start = line.Length <= MaxLength || matchedWords.Count == 0 ? 0 : Math.Min(matchedWords[0].Start, FindWordStart(line, Math.Max(0, matchedWords[0].Start - ContextLength)));
        var end = line.Length - start <= MaxLength ? line.Length : FindWordStart(line, start + MaxLength);
        var text = line[start..end].TrimEnd();
        return new()
        {
            Text = text,
            Highlights = [.. matchedWords.Where(word => word.Start >= start && word.Start + word.Length <= start + text.Length)
                .Select(word => new TextRange { Start = CountCodePoints(line[start..word.Start]), End = CountCodePoints(line[start..(word.Start + word.Length)]) })],
        };
    }

    /// <summary>The first line that has the most of the terms.</summary>
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

    /// <summary>Where the first word begins at or after a place: a snippet cuts no word.</summary>
    private static int FindWordStart(string line, int offset)
    {
        var blank = offset == 0 ? -1 : line.IndexOf(' ', offset - 1);
        return offset == 0 ? 0 : blank < 0 ? line.Length : blank + 1;
    }

    private static int CountCodePoints(string text) => text.EnumerateRunes().Count();
}
