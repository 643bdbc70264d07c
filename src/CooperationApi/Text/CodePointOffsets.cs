namespace CooperationApi.Text;

/// <summary>
/// Converts offsets in code points, as in citations, to indexes in the UTF-16 code units of a text. Only the code points above U+FFFF take
/// memory: an array of all code points of a text of 10 MB has 40 MB.
/// </summary>
internal sealed class CodePointOffsets
{
    private readonly string text;
    // The offsets of the code points above U+FFFF, in code points.
    private readonly List<int> surrogatePairs = [];

    public CodePointOffsets(string text)
    {
        this.text = text;
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                surrogatePairs.Add(i - surrogatePairs.Count);
        }
    }

    /// <summary>The length of the text in code points.</summary>
    public int Length => text.Length - surrogatePairs.Count;

    /// <summary>Returns the index of the code point at an offset; the length of the text for an offset after its end.</summary>
    public int GetIndex(int offset)
    {
        var pairCount = surrogatePairs.BinarySearch(offset) is var found && found < 0 ? ~found : found;
        return (int)Math.Min((long)offset + pairCount, text.Length);
    }
}
