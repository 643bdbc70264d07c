using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CooperationApi.Http;

namespace CooperationApi.Access;

/// <summary>The text of a key: `coop_`, the key's id, `_`, and 256 random bits. Only its SHA-256 is kept.</summary>
internal static class ApiKeySecret
{
    public const int IdLength = 8;

    /// <summary>The form of a key's id.</summary>
    public const string IdPattern = "^[a-z0-9]{8}$";

    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new key: its id, and its text.</summary>
    public static (string Id, string Text) Create()
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        return (id, $"{SecretScrubber.KeyPrefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");
    }

    /// <summary>What is kept of it.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The id that the text of a key claims; null if it is no text of a key.</summary>
    public static string? ParseId(string text)
    {
        var end = SecretScrubber.KeyPrefix.Length + IdLength;
        return text.Length > end && text[end] == '_' && text.StartsWith(SecretScrubber.KeyPrefix, StringComparison.Ordinal) ? text[SecretScrubber.KeyPrefix.Length..end] : null;
    }

    /// <summary>Whether a text has this hash. How long the answer takes doesn't say how much of it was right.</summary>
    public static bool Matches(string text, string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(text)), Encoding.ASCII.GetBytes(hash));
}
