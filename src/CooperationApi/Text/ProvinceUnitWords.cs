namespace CooperationApi.Text;

/// <summary>
/// The words for the kind of a province unit: `tỉnh Thái Bình`, `TP. Huế`, `Thai Binh Province`. People write them beside the name, which
/// does not contain them, and often for the kind that a unit had at another time.
/// </summary>
internal static class ProvinceUnitWords
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Terms =
    [
        .. new[] { "tỉnh", "thành phố", "tp", "t.p.", "province", "province of", "city", "city of" }
            .SelectMany(term => new[] { TextFolding.FoldKeepDiacritics(term), TextFolding.Fold(term) }).Distinct()
            .Select(folded => folded.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    /// <summary>Returns for each word, folded with its diacritics, if it is a unit word or a part of one.</summary>
    public static bool[] Find(IReadOnlyList<string> words)
    {
        var isUnitWord = new bool[words.Count];
        for (var i = 0; i < words.Count; i++)
        {
            foreach (var term in Terms.Where(term => words.Skip(i).Take(term.Count).SequenceEqual(term)))
                Array.Fill(isUnitWord, true, i, term.Count);
        }
        return isUnitWord;
    }
}
