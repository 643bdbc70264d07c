using System.Globalization;
using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Features.Import;

/// <summary>A stored record with the appended entries of an addition. Entries that the record already has are not appended.</summary>
internal sealed class ExtendedRecord
{
    private readonly BundleAddition addition;
    // By list: the index in the addition of each entry after the stored ones.
    private readonly Dictionary<string, (int StoredCount, IReadOnlyList<int> AppendedIndexes)> lists = [];

    public ExtendedRecord(Record stored, BundleAddition addition)
    {
        this.addition = addition;
        var cited = (CitedRecord)stored;
        Record = cited with { Citations = Append("citations", cited.Citations, addition.Addition.Citations, IsEqual) };
        if (Record is Official official)
            Record = official with
            {
                Positions = Append("positions", official.Positions, addition.Addition.Positions, static (a, b) => ToJson(a) == ToJson(b)),
            };
    }

    /// <summary>The record with the appended entries.</summary>
    public Record Record { get; }

    /// <summary>
    /// Converts a JSON Pointer into the record to a pointer into the bundle. A part of the record that the addition does not have becomes
    /// the pointer of the addition.
    /// </summary>
    public string ToBundlePointer(string recordPointer)
    {
        if (recordPointer.TrimStart('/').Split('/') is not [var name, .. var rest] || !lists.TryGetValue(name, out var list))
            return addition.Pointer;
        if (rest is not [var indexText, .. var path])
            return $"{addition.Pointer}/{name}";
        var position = int.Parse(indexText, CultureInfo.InvariantCulture) - list.StoredCount;
        return position < 0 ? addition.Pointer : string.Join('/', [addition.Pointer, name, $"{list.AppendedIndexes[position]}", .. path]);
    }

    private List<T> Append<T>(string name, IReadOnlyList<T> stored, IReadOnlyList<T> added, Func<T, T, bool> isEqual)
    {
        var (extended, appendedIndexes) = (stored.ToList(), new List<int>());
        foreach (var (index, entry) in added.Index())
        {
            if (extended.Exists(existing => isEqual(existing, entry)))
                continue;
            extended.Add(entry);
            appendedIndexes.Add(index);
        }
        lists[name] = (stored.Count, appendedIndexes);
        return extended;
    }

    // The writer adds the offsets that a citation of the addition may lack.
    private static bool IsEqual(Citation existing, Citation added) =>
        ToJson(added.Start is null && added.End is null ? existing with { Start = null, End = null } : existing) == ToJson(added);

    private static string ToJson<T>(T entry) => JsonSerializer.Serialize(entry, ApiJson.Options);
}
