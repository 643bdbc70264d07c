using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Http;

namespace CooperationApi.Access;

/// <summary>The text of an API key: `coop_`, the id, `_`, and 256 random bits in Base64Url. Only the SHA-256 is stored.</summary>
internal static class ApiKeySecret
{
    public const int IdLength = 8;

    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Creates a key; returns its id and its text.</summary>
    public static (string Id, string Text) Create()
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        return (id, $"{SecretScrubber.KeyPrefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");
    }

    /// <summary>Returns the SHA-256 of the text, in lowercase hexadecimal.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Returns the id in the text of a key; null if the text does not have the form of a key.</summary>
    public static string? ParseId(string text)
    {
        var end = SecretScrubber.KeyPrefix.Length + IdLength;
        return text.Length > end && text[end] == '_' && text.StartsWith(SecretScrubber.KeyPrefix, StringComparison.Ordinal)
            ? text[SecretScrubber.KeyPrefix.Length..end]
            : null;
    }

    /// <summary>True if the text has this hash. Compares in constant time, to prevent timing attacks.</summary>
    public static bool Matches(string text, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(text)), Encoding.ASCII.GetBytes(hash));
}
