namespace CooperationApi.Http.Problems;

/// <summary>Finds what somebody probably meant.</summary>
internal static class ClosestMatch
{
    // Longer input is no slip of the finger, and the distance costs length times length.
    private const int MaxComparedLength = 100;

    /// <summary>The candidate that takes the fewest edits, case aside; none when there are no candidates.</summary>
    public static string? Find(string value, IEnumerable<string> candidates)
    {
        var prefix = value.Length > MaxComparedLength ? value[..MaxComparedLength] : value;
        return candidates.MinBy(candidate => ComputeDistance(prefix.ToLowerInvariant(), candidate.ToLowerInvariant()));
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
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
