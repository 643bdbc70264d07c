namespace CooperationApi.Faults;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Nearest
{
    // Longer input is no slip of the finger, and the distance costs length times length.
    private const int LongestCompared = 100;

    /// <summary>The candidate that takes the fewest edits, case aside; none when there are no candidates.</summary>
    public static string? To(string value, IEnumerable<string> candidates)
    {
        var start = value.Length > LongestCompared ? value[..LongestCompared] : value;
        return candidates.MinBy(candidate => Distance(start.ToLowerInvariant(), candidate.ToLowerInvariant()));
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[from.Length, to.Length];
    }
}
