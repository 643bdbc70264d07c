using System.Globalization;
using System.Text;

namespace CooperationApi.Http.Problems;

/// <summary>Finds the allowed value that was probably meant.</summary>
internal static class ClosestMatch
{
    // In characters. Longer input is not a typing error, and the time grows with the square of the length.
    private const int MaxComparedLength = 100;

    /// <summary>
    /// Returns the candidate with the smallest edit distance, ignoring case and diacritics. Null if the distance exceeds a third of the
    /// length, or if another candidate has the same distance: a wrong suggestion leads to a wrong fact.
    /// </summary>
    public static string? Find(string value, IEnumerable<string> candidates)
    {
        var folded = Fold(value);
        if (folded.Length > MaxComparedLength)
            return null;
        var (closest, minDistance, isAmbiguous) = ((string?)null, folded.Length / 3 + 1, false);
        foreach (var candidate in candidates)
        {
            var foldedCandidate = Fold(candidate);
            // The distance is at least the difference of the lengths.
            if (Math.Abs(foldedCandidate.Length - folded.Length) > minDistance)
                continue;
            var distance = ComputeDistance(folded, foldedCandidate);
            if (distance < minDistance)
                (closest, minDistance, isAmbiguous) = (candidate, distance, false);
            else if (distance == minDistance && closest is not null && candidate != closest)
                isAmbiguous = true;
        }
        return isAmbiguous ? null : closest;
    }

    /// <summary>Returns the text in lower case without diacritics: `Đà Nẵng` becomes `da nang`.</summary>
    private static string Fold(string text) =>
        // .NET does not normalize U+FFFE, which is no character.
        string.Concat(text.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormD).ToLowerInvariant()
            .Where(character => CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            .Select(character => character == 'đ' ? 'd' : character));

    /// <summary>Computes the optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbors.</summary>
    private static int ComputeDistance(string from, string to)
    {
        var distances = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            distances[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            distances[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var substitution = distances[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(substitution, Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
            }
        }
        return distances[from.Length, to.Length];
    }
}
