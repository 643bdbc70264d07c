using System.Security.Cryptography;
using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Text;

namespace CooperationApi.Features.Citations;

/// <summary>
/// The text of a source in NFC, the basis of its hash, its length and the offsets of quotes. Length and offsets are in Unicode code points.
/// </summary>
internal sealed class SourceText(string text)
{
    private readonly CodePointOffsets offsets = new(text);

    public string Text => text;

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public int Length => offsets.Length;

    /// <summary>
    /// Decodes UTF-8, with or without a byte order mark, and normalizes it. Throws <see cref="DecoderFallbackException"/> for invalid
    /// bytes.
    /// </summary>
    public static SourceText Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        return new(text.TrimStart('\uFEFF').Normalize(NormalizationForm.FormC));
    }

    /// <summary>Returns a text that is in NFC already.</summary>
    public static SourceText FromText(string text) => new(text);

    /// <summary>Returns true if the text at the offsets of a citation, <paramref name="actualText"/>, equals the quote.</summary>
    public bool Contains(Citation citation, out string actualText)
    {
        actualText = citation is { Start: >= 0 and var start, End: { } end } && start <= end && end <= Length
            ? text[offsets.GetIndex(start)..offsets.GetIndex(end)]
            : "";
        return actualText == citation.Quote;
    }
}
