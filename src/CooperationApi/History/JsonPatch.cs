using System.Runtime.InteropServices;
using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Faults;

namespace CooperationApi.History;

/// <summary>
/// What makes one JSON document of another, as a JSON Patch (RFC 6902) of `add`, `remove` and `replace`. Values are the same if their texts are: both documents come
/// from the same writer, and a patched one is to be the other to the letter.
/// </summary>
internal static class JsonPatch
{
    // Lists are compared each with each: of longer ones the same places are.
    private const int MostCompared = 1_000_000;

    /// <summary>The patch, in the order in which its steps are to be taken.</summary>
    public static IReadOnlyList<PatchOperation> Between(JsonElement before, JsonElement after)
    {
        var patch = new List<PatchOperation>();
        Compare("", before, after, patch);
        return patch;
    }

    /// <summary>The patch that makes a document of nothing.</summary>
    public static IReadOnlyList<PatchOperation> Making(JsonElement document) => [new() { Op = "add", Path = "", Value = document }];

    private static void Compare(string path, JsonElement before, JsonElement after, List<PatchOperation> patch)
    {
        if (AreSame(before, after))
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
        foreach (var gone in before.EnumerateObject().Where(member => !after.TryGetProperty(member.Name, out _)))
            patch.Add(new() { Op = "remove", Path = Shape.Under(path, gone.Name) });
        foreach (var member in after.EnumerateObject())
        {
            if (before.TryGetProperty(member.Name, out var old))
                Compare(Shape.Under(path, member.Name), old, member.Value, patch);
            else
                patch.Add(new() { Op = "add", Path = Shape.Under(path, member.Name), Value = member.Value });
        }
    }

    /// <summary>Between the elements that stay, those that go make place for those that come: one for one as far as they reach, so that what is alike in both is not repeated.</summary>
    private static void CompareElements(string path, JsonElement[] before, JsonElement[] after, List<PatchOperation> patch)
    {
        var (from, to, place) = (0, 0, 0);
        foreach (var (stays, staysAs) in Staying(before, after).Append((before.Length, after.Length)))
        {
            for (; from < stays && to < staysAs; from++, to++, place++)
                Compare($"{path}/{place}", before[from], after[to], patch);
            for (; from < stays; from++)
                patch.Add(new() { Op = "remove", Path = $"{path}/{place}" });
            for (; to < staysAs; to++, place++)
                patch.Add(new() { Op = "add", Path = $"{path}/{place}", Value = after[to] });
            (from, to, place) = (stays + 1, staysAs + 1, place + 1);
        }
    }

    /// <summary>The longest sequence of elements that both lists have in the same order: their places in the one and in the other.</summary>
    private static List<(int, int)> Staying(JsonElement[] before, JsonElement[] after)
    {
        if ((long)before.Length * after.Length > MostCompared)
            return [];
        // How many can stay from these places on.
        var counts = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                counts[i, j] = AreSame(before[i], after[j]) ? counts[i + 1, j + 1] + 1 : Math.Max(counts[i + 1, j], counts[i, j + 1]);
        }
        var staying = new List<(int, int)>();
        for (var (i, j) = (0, 0); i < before.Length && j < after.Length;)
        {
            if (AreSame(before[i], after[j]))
                staying.Add((i++, j++));
            else if (counts[i + 1, j] >= counts[i, j + 1])
                i++;
            else
                j++;
        }
        return staying;
    }

    private static bool AreSame(JsonElement one, JsonElement other) => one.ValueKind == other.ValueKind && JsonMarshal.GetRawUtf8Value(one).SequenceEqual(JsonMarshal.GetRawUtf8Value(other));
}
