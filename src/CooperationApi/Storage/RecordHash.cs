using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CooperationApi.Storage;

/// <summary>The SHA-256 of a record's JSON as it is sent, in lower-case hexadecimal, and what can be told by it.</summary>
internal static class RecordHash
{
    public static string Compute(string body) => Compute(Encoding.UTF8.GetBytes(body));

    /// <summary>
    /// The body, if it is the one that was written: SQLite serves a page that was overwritten without a word. Of a state of the past no hash is kept: of that, whether
    /// it is JSON still.
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
        // Which the reader doesn't look at.
        return Utf8.IsValid(body);
    }
}

/// <summary>A record is not as it was written: the file was damaged.</summary>
internal sealed class CorruptRecordException(string id) : DbException($"The record '{id}' is not as it was written.");
