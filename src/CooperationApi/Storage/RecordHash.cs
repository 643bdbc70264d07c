using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace CooperationApi.Storage;

/// <summary>Computes and verifies the SHA-256 of a record's JSON, in lowercase hexadecimal.</summary>
internal static class RecordHash
{
    public static string Compute(string body) => Compute(Encoding.UTF8.GetBytes(body));

    /// <summary>
    /// Returns the body, or throws <see cref="CorruptRecordException"/> if it does not match its hash. Detects damaged pages: SQLite has no
    /// page checksums. A missing hash matches no body.
    /// </summary>
    public static byte[] Verify(string id, byte[] body, string? hash) =>
        Compute(body) == hash ? body : throw new CorruptRecordException(id);

    public static string Compute(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));
}

/// <summary>
/// The stored JSON of a record is corrupt: the file is damaged. The SQLSTATE is that of PostgreSQL for damaged data (data_corrupted).
/// </summary>
internal sealed class CorruptRecordException(string id) : DbException($"The stored JSON of record '{id}' is corrupt. Restore a backup.")
{
    /// <inheritdoc/>
    public override string SqlState => "XX001";
}
