using System.Runtime.InteropServices;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http;

namespace CooperationApi.Features.Records;

/// <summary>
/// Computes the JSON Patch (RFC 6902) from one JSON document to another, with the operations `add`, `remove` and `replace`. Values are
/// equal if their JSON texts are equal: one writer produces both documents, and the patched document must equal the other byte for byte.
/// </summary>
internal static class JsonDiff
{
    // Element comparisons per pair of lists (length × length). Above it, lists are compared index by index.
    private const int MaxComparisons = 1_000_000;

    /// <summary>Returns the operations in the order in which they must be applied.</summary>
    public static IReadOnlyList<PatchOperation> Compute(JsonElement before, JsonElement after)
    {
        var patch = new List<PatchOperation>();
        Compare("", before, after, patch);
        return patch;
    }

    /// <summary>Returns the patch that creates a document.</summary>
    public static IReadOnlyList<PatchOperation> Create(JsonElement document) => [new() { Op = "add", Path = "", Value = document }];

    private static void Compare(string path, JsonElement before, JsonElement after, List<PatchOperation> patch)
    {
        if (JsonEquals(before, after))
            return;
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
            CompareMembers(path, before, after, patch);
        else if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array)
            CompareElements(path, [.. before.EnumerateArray()], [.. after.EnumerateArray()], patch);
        else
            patch.Add(new() { Op = "replace", Path = path, Value = after });
    }

    private static void CompareMembers(string path, JsonElement before, JsonElement after, List<PatchOperation> patch)
    {
        foreach (var removedMember in before.EnumerateObject().Where(member => !after.TryGetProperty(member.Name, out _)))
            patch.Add(new() { Op = "remove", Path = StrictJson.AppendPointer(path, removedMember.Name) });
        foreach (var member in after.EnumerateObject())
        {
            if (before.TryGetProperty(member.Name, out var oldValue))
                Compare(StrictJson.AppendPointer(path, member.Name), oldValue, member.Value, patch);
            else
                patch.Add(new() { Op = "add", Path = StrictJson.AppendPointer(path, member.Name), Value = member.Value });
        }
    }

    /// <summary>
    /// Compares the elements between two common elements pair by pair, so that the patch does not repeat the equal parts of a replaced
    /// element.
    /// </summary>
    private static void CompareElements(string path, JsonElement[] before, JsonElement[] after, List<PatchOperation> patch)
    {
        var (beforeIndex, afterIndex, index) = (0, 0, 0);
        foreach (var (commonBefore, commonAfter) in FindLongestCommonSubsequence(before, after).Append((before.Length, after.Length)))
        {
            for (; beforeIndex < commonBefore && afterIndex < commonAfter; beforeIndex++, afterIndex++, index++)
                Compare($"{path}/{index}", before[beforeIndex], after[afterIndex], patch);
            for (; beforeIndex < commonBefore; beforeIndex++)
                patch.Add(new() { Op = "remove", Path = $"{path}/{index}" });
            for (; afterIndex < commonAfter; afterIndex++, index++)
                patch.Add(new() { Op = "add", Path = $"{path}/{index}", Value = after[afterIndex] });
            (beforeIndex, afterIndex, index) = (commonBefore + 1, commonAfter + 1, index + 1);
        }
    }

    /// <summary>
    /// Returns the longest common subsequence as pairs of indexes into <paramref name="before"/> and <paramref name="after"/>; empty for
    /// long lists.
    /// </summary>
    private static List<(int, int)> FindLongestCommonSubsequence(JsonElement[] before, JsonElement[] after)
    {
        if ((long)before.Length * after.Length > MaxComparisons)
            return [];
        // lengths[i, j] is the length of the longest common subsequence of before[i..] and after[j..].
        var lengths = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                lengths[i, j] =
                    JsonEquals(before[i], after[j]) ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }
        var subsequence = new List<(int, int)>();
        for (var (i, j) = (0, 0); i < before.Length && j < after.Length;)
        {
            if (JsonEquals(before[i], after[j]))
                subsequence.Add((i++, j++));
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
                i++;
            else
                j++;
        }
        return subsequence;
    }

    private static bool JsonEquals(JsonElement left, JsonElement right) =>
        left.ValueKind == right.ValueKind && JsonMarshal.GetRawUtf8Value(left).SequenceEqual(JsonMarshal.GetRawUtf8Value(right));
}
