namespace CooperationApi.Http.Problems;

/// <summary>Finds the allowed value that is closest to an invalid one.</summary>
internal static class ClosestMatch
{
    // In characters. Longer input is not a typing error, and the time grows with the square of the length.
    private const int MaxComparedLength = 100;

    /// <summary>Returns the candidate with the smallest edit distance, ignoring case; null if there are no candidates.</summary>
    public static string? Find(string value, IEnumerable<string> candidates)
    {
        var prefix = value.Length > MaxComparedLength ? value[..MaxComparedLength] : value;
        return candidates.MinBy(candidate => ComputeDistance(prefix.ToLowerInvariant(), candidate.ToLowerInvariant()));
    }

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
