using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;

namespace CooperationApi.Features.Citations;

/// <summary>
/// A source's text in NFC: what its hash, its length and the offsets of quotes are about. Offsets are in Unicode code points.
/// </summary>
internal sealed class SourceText
{
    private readonly Rune[] runes;

    private SourceText(string text)
    {
        Text = text;
        runes = [.. text.EnumerateRunes()];
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The text itself.</summary>
    public string Text { get; }

    public string Sha256 { get; }

    public int Length => runes.Length;

    /// <summary>Reads text in UTF-8, with or without a byte order mark. Throws <see cref="DecoderFallbackException"/> for other bytes.</summary>
    public static SourceText Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        return new(text.TrimStart('\uFEFF').Normalize(NormalizationForm.FormC));
    }

    /// <summary>Whether a citation's quote stands where it says, and if not, what stands there.</summary>
    public bool Contains(Citation citation, out string actualText)
    {
        var (start, end) = (citation.Start ?? 0, citation.End ?? 0);
        actualText = start < 0 || end > Length || start > end ? "" : string.Concat(runes[start..end].Select(rune => rune.ToString()));
        return actualText == citation.Quote;
    }
}
