using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace CooperationApi.Storage;

/// <summary>The SHA-256 of a record's JSON as it is sent, in lower-case hexadecimal.</summary>
internal static class BodyHash
{
    public static string Of(string body) => Of(Encoding.UTF8.GetBytes(body));

    /// <summary>The body, if it is the one that was written: SQLite serves a page that was overwritten without a word.</summary>
    public static byte[] Checked(string id, byte[] body, string hash) => Of(body) == hash ? body : throw new DamagedRecordException(id);

    public static string Of(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));
}

/// <summary>A record is not as it was written: the file was damaged.</summary>
internal sealed class DamagedRecordException(string id) : DbException($"The record '{id}' does not have the hash that it was written with.");
