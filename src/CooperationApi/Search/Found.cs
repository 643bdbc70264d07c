using CooperationApi.Contracts;
using CooperationApi.Resources;

namespace CooperationApi.Search;

/// <summary>A record that has the words of a search: its texts as written, one field a line.</summary>
internal sealed record Found
{
    public required long Number { get; init; }

    public required string Type { get; init; }

    public required string Id { get; init; }

    public required string NameKey { get; init; }

    public required string Names { get; init; }

    public required string Texts { get; init; }
}

/// <summary>How well a record fits. Nothing but the record and the words decides, so that it stands where it stood when another comes or goes.</summary>
internal static class Ranking
{
    // The usual constants of bm25. The words' rarity is left out: whoever is found has all of them.
    private const double Saturation = 1.2, LengthWeight = 0.75, UsualLength = 400;
    private const int Finest = 1_000_000;

    /// <summary>
    /// The rank, the best lowest: an equal title, then exact diacritics, then words in names, then bm25. For who is still typing, titles that begin so
    /// come before all that only have the words.
    /// </summary>
    public static long Of(Found found, SearchTerms terms, bool isTyping)
    {
        var (names, texts) = (Folding.Fold(found.Names), Folding.Fold(found.Texts));
        var isMeant = isTyping ? found.NameKey.StartsWith(terms.Key.TrimEnd(), StringComparison.Ordinal) : found.NameKey == terms.Key;
        var isExact = !terms.AreExact || IsExact(found, terms);
        var isNamed = terms.All.All(term => term.IsIn(names));
        var length = 1 - LengthWeight + LengthWeight * (names.Length + texts.Length) / UsualLength;
        var score = terms.All.Sum(term => term.CountIn(names) + term.CountIn(texts) is var count ? count * (Saturation + 1) / (count + Saturation * length) : 0)
            / (terms.All.Count * (Saturation + 1));
        return ((isMeant ? 0 : 4) + (isExact ? 0 : 2) + (isNamed ? 0 : 1)) * (Finest + 1L) + (long)((1 - Math.Clamp(score, 0, 1)) * Finest);
    }

    private static bool IsExact(Found found, SearchTerms terms)
    {
        var names = Folding.Exact(found.Names);
        var others = terms.All.Where(term => !term.StandsIn(names)).ToList();
        return others.Count == 0 || Folding.Exact(found.Texts) is var texts && others.All(term => term.StandsIn(texts));
    }
}

/// <summary>The part of a record's texts that fits best.</summary>
internal static class Snippets
{
    private const int Around = 60, Longest = 200;

    /// <summary>The line with the most of the terms, or as much of it as surrounds the first.</summary>
    public static Snippet Of(Found found, SearchTerms terms)
    {
        var line = Best($"{found.Names}\n{found.Texts}".Split('\n'), terms);
        var words = Folding.Located(line).Where(word => terms.All.Any(term => term.Has(word.Folded))).ToList();
        var start = line.Length <= Longest || words.Count == 0 ? 0 : Math.Min(words[0].Start, WordFrom(line, Math.Max(0, words[0].Start - Around)));
        var end = line.Length - start <= Longest ? line.Length : WordFrom(line, start + Longest);
        var text = line[start..end].TrimEnd();
        return new()
        {
            Text = text,
            Marks = [.. words.Where(word => word.Start >= start && word.Start + word.Length <= start + text.Length)
                .Select(word => new Marked { Start = CodePoints(line[start..word.Start]), End = CodePoints(line[start..(word.Start + word.Length)]) })],
        };
    }

    /// <summary>The first line that has the most of the terms.</summary>
    private static string Best(string[] lines, SearchTerms terms)
    {
        var (best, most) = (lines[0], 0);
        foreach (var line in lines)
        {
            var folded = Folding.Fold(line);
            var count = terms.All.Count(term => term.IsIn(folded));
            if (count > most)
                (best, most) = (line, count);
            if (most == terms.All.Count)
                break;
        }
        return best;
    }

    /// <summary>Where the first word begins at or after a place: a snippet cuts no word.</summary>
    private static int WordFrom(string line, int place)
    {
        var blank = place == 0 ? -1 : line.IndexOf(' ', place - 1);
        return place == 0 ? 0 : blank < 0 ? line.Length : blank + 1;
    }

    private static int CodePoints(string text) => text.EnumerateRunes().Count();
}
