using CooperationApi.Contracts;

namespace CooperationApi.Features.Import;

/// <summary>The names (type and id) of records with the same result of an import: the first of them, and the number of all.</summary>
internal sealed class RecordNames
{
    private readonly List<string> first = [];

    public IReadOnlyList<string> First => first;

    public int Count { get; private set; }

    public void Add(string type, string id)
    {
        Count++;
        if (first.Count < Limits.MaxReportedRecords)
            first.Add($"{type}/{id}");
    }
}
