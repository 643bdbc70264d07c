using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Queries;

/// <summary>
/// The position in a list after which a page starts: the sort values of the previous row. A cursor is opaque, is bound to the list's
/// filters and sort order, and has a checksum that detects damage.
/// </summary>
internal sealed record PageCursor(string Scope, JsonElement[] SortValues)
{
    private const int ChecksumLength = 6;

    /// <summary>Encodes the cursor of the page after a row with these sort values.</summary>
    public static string Encode(string scope, params object[] sortValues)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new PageCursor(HashScope(scope), [.. sortValues.Select(value => JsonSerializer.SerializeToElement(value))]), ApiJson.Options);
        return Base64Url.EncodeToString([.. ComputeChecksum(content), .. content]);
    }

    /// <summary>
    /// Decodes the sort values to a tuple of strings and integers. Adds an error and returns null if the cursor was altered or belongs to
    /// another list. <paramref name="isPosition"/> checks the ranges of the values: a forged cursor can contain any.
    /// </summary>
    public static T? Decode<T>(string text, string scope, Func<T, bool> isPosition, ICollection<RequestError> errors)
        where T : struct, ITuple
    {
        var types = typeof(T).GetGenericArguments();
        if (TryDeserialize(text) is not var (scopeHash, sortValues))
            errors.Add(new("cursor_invalid") { Parameter = "cursor" });
        else if (scopeHash != HashScope(scope))
            errors.Add(new("cursor_filter_mismatch") { Parameter = "cursor" });
        else if (sortValues.Length == types.Length && types.Zip(sortValues).All(pair => pair.First.IsInstanceOfType(pair.Second))
            && (T)Activator.CreateInstance(typeof(T), sortValues)! is var position && isPosition(position))
            return position;
        else
            errors.Add(new("cursor_invalid") { Parameter = "cursor" });
        return null;
    }

    /// <summary>Reads a sort value: a string or an integer. A forged cursor can contain other JSON, which is rejected.</summary>
    private static object ReadSortValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out var integer) => integer,
        _ => throw new JsonException("Invalid sort value; expected a string or an integer."),
    };

    private static (string Scope, object[] SortValues)? TryDeserialize(string text)
    {
        if (text.Length > Limits.MaxCursorLength || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        // The same bytes have several Base64url encodings; only the canonical one is accepted.
        if (bytes.Length <= ChecksumLength || Base64Url.EncodeToString(bytes) != text)
            return null;
        var content = bytes.AsSpan(ChecksumLength);
        if (!bytes.AsSpan(0, ChecksumLength).SequenceEqual(ComputeChecksum(content)))
            return null;
        try
        {
            var cursor = JsonSerializer.Deserialize<PageCursor>(content, ApiJson.Options)
                ?? throw new JsonException("Invalid cursor; expected an object.");
            return (cursor.Scope, [.. cursor.SortValues.Select(ReadSortValue)]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The checksum has no secret key: it detects accidental damage, not forgery.
            return null;
        }
    }

    private static byte[] ComputeChecksum(ReadOnlySpan<byte> content) => SHA256.HashData(content)[..ChecksumLength];

    private static string HashScope(string scope) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(scope)).AsSpan(0, 9));
}
