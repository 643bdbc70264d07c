using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CooperationApi.Storage;

/// <summary>Computes and verifies the SHA-256 of a record's JSON, in lowercase hexadecimal.</summary>
internal static class RecordHash
{
    public static string Compute(string body) => Compute(Encoding.UTF8.GetBytes(body));

    /// <summary>
    /// Returns the body, or throws <see cref="CorruptRecordException"/> if it does not match its hash. Detects damaged pages: SQLite has no
    /// page checksums. Archived bodies have no stored hash; for these only well-formed JSON is checked.
    /// </summary>
    public static byte[] Verify(string id, byte[] body, string? hash) =>
        (hash is null ? IsJson(body) : Compute(body) == hash) ? body : throw new CorruptRecordException(id);

    public static string Compute(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static bool IsJson(byte[] body)
    {
        var json = new Utf8JsonReader(body);
        try
        {
            while (json.Read())
            {
            }
        }
        catch (JsonException)
        {
            return false;
        }
        // `Utf8JsonReader` does not validate the UTF-8 of strings.
        return Utf8.IsValid(body);
    }
}

/// <summary>The stored JSON of a record is corrupt: the file is damaged.</summary>
internal sealed class CorruptRecordException(string id) : DbException($"The stored JSON of record '{id}' is corrupt. Restore a backup.");
