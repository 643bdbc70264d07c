using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;

namespace CooperationApi.Queries;

/// <summary>
/// The place in a list after which a page begins: the sort values of the row before it. Opaque, bound to the list's filters and order,
/// and with a checksum, so that a damaged one is told from a good one.
/// </summary>
internal sealed record PageCursor(string Scope, JsonElement[] SortValues)
{
    private const int ChecksumLength = 6;

    /// <summary>The longest cursor that is read: of the longest title, whose sort key is several times as long, and an id.</summary>
    public const int MaxLength = 6000;

    /// <summary>The letters that a cursor is made of.</summary>
    public const string Pattern = "^[A-Za-z0-9_-]+$";

    /// <summary>Writes the cursor of the page after a row with these sort values.</summary>
    public static string Encode(string scope, params object[] sortValues)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new PageCursor(HashScope(scope), [.. sortValues.Select(value => JsonSerializer.SerializeToElement(value))]), ApiJson.Options);
        return Base64Url.EncodeToString([.. ComputeChecksum(content), .. content]);
    }

    /// <summary>The sort values, or null and a fault: a cursor that was altered, or made for another list.</summary>
    public static IReadOnlyList<object>? Decode(string text, string scope, int valueCount, ICollection<RequestError> errors)
    {
        if (TryDeserialize(text) is not var (scopeHash, sortValues))
            errors.Add(new("cursor_invalid") { Parameter = "cursor" });
        else if (scopeHash != HashScope(scope))
            errors.Add(new("cursor_filter_mismatch") { Parameter = "cursor" });
        else if (sortValues.Count != valueCount)
            errors.Add(new("cursor_invalid") { Parameter = "cursor" });
        else
            return sortValues;
        return null;
    }

    /// <summary>A sort value: text or a whole number, and nothing else that a forger may write.</summary>
    private static object ReadSortValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out var integer) => integer,
        _ => throw new JsonException("A sort value is text or a whole number."),
    };

    private static (string Binding, IReadOnlyList<object> After)? TryDeserialize(string text)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        // The same bytes can be spelled in several ways; only ours is taken.
        if (bytes.Length <= ChecksumLength || Base64Url.EncodeToString(bytes) != text)
            return null;
        var content = bytes.AsSpan(ChecksumLength);
        if (!bytes.AsSpan(0, ChecksumLength).SequenceEqual(ComputeChecksum(content)))
            return null;
        try
        {
            var cursor = JsonSerializer.Deserialize<PageCursor>(content, ApiJson.Options) ?? throw new JsonException("A cursor is an object.");
            return (cursor.Scope, [.. cursor.SortValues.Select(ReadSortValue)]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The checksum keeps accidents out, not forgers: whoever reads this can make one.
            return null;
        }
    }

    private static byte[] ComputeChecksum(ReadOnlySpan<byte> content) => SHA256.HashData(content)[..ChecksumLength];

    private static string HashScope(string scope) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(scope)).AsSpan(0, 9));
}
