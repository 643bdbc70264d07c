using System.Text.Json;
using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;

namespace CooperationApi.Features.Import;

/// <summary>The stored records that an import would replace with other content: the first ones, and their number.</summary>
internal sealed class ImportConflicts
{
    private readonly List<Conflict> first = [];
    private long count;

    private sealed record Conflict(string Type, string Id, IReadOnlyList<string> Lost, int LostCount);

    /// <summary>The records whose conflicts are reported.</summary>
    public IEnumerable<(string Type, string Id)> ReportedRecords => first.Select(conflict => (conflict.Type, conflict.Id));

    public void Add(StoredRecord stored, RecordUpsert record)
    {
        count++;
        if (first.Count == Limits.MaxErrors)
            return;
        using var before = JsonDocument.Parse(stored.Body);
        using var after = JsonDocument.Parse(record.Body.WithRevision(stored.Revision));
        var lost = LostValues.Find(before.RootElement, after.RootElement).ToList();
        first.Add(new(record.Type, record.Id, [.. lost.Take(Limits.MaxLostValues)], lost.Count));
    }

    /// <summary>Throws <see cref="ImportConflictException"/> if there are any.</summary>
    public void ThrowIfAny()
    {
        if (count > 0)
            throw new ImportConflictException(this);
    }

    /// <summary>Maps the conflicts to a 409 problem, with the JSON pointers of the records in the bundle.</summary>
    public ProblemException ToProblem(IReadOnlyDictionary<(string, string), string> pointers) => new(409, "import_conflict", count)
    {
        Errors = [
            .. first.Select(conflict => new RequestError("content_mismatch", conflict.LostCount)
            {
                Pointer = pointers[(conflict.Type, conflict.Id)],
                Record = $"{conflict.Type}/{conflict.Id}",
                Lost = conflict.LostCount == 0 ? null : conflict.Lost,
                LostCount = conflict.LostCount,
            })],
        ErrorCount = count,
    };
}

/// <summary>The import would replace stored records, which the caller did not allow.</summary>
internal sealed class ImportConflictException(ImportConflicts conflicts) : Exception("The import would replace stored records.")
{
    public ImportConflicts Conflicts => conflicts;
}
