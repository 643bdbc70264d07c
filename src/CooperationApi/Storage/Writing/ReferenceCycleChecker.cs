using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Finds cycles of references between records of one type, such as two organizations that are each other's parent. The search follows one
/// member at a time and visits each record once, so its cost is linear in the number of references.
/// </summary>
internal sealed class ReferenceCycleChecker(DbConnection connection, IPreparedStatements statements, ConstraintViolations violations)
{
    // Ids of a cycle that a message lists.
    private const int MaxListedIds = 10;

    private const string NextReferenceSql =
        """
        SELECT ordinal, target_row_id FROM reference WHERE row_id = @row_id AND member_id = @member AND ordinal > @after
        ORDER BY ordinal LIMIT 1
        """;

    // The row ids from which to search, by the member to follow.
    private readonly Dictionary<long, HashSet<long>> startRowIds = [];

    /// <summary>Adds a record whose references in a member may close a cycle.</summary>
    public void Add(long rowId, long memberId)
    {
        if (!startRowIds.TryGetValue(memberId, out var rowIds))
            startRowIds[memberId] = rowIds = [];
        rowIds.Add(rowId);
    }

    /// <summary>Reports the cycles that the records of the transaction close.</summary>
    public async Task ReportViolations()
    {
        foreach (var (memberId, rowIds) in startRowIds)
        {
            var visited = new HashSet<long>();
            foreach (var rowId in rowIds)
            {
                foreach (var cycle in FindCycles(rowId, memberId, visited))
                    await Report(cycle, memberId, rowIds);
            }
        }
    }

    /// <summary>
    /// Returns the cycles that a depth-first search from a record meets, each as its references. Skips the records in
    /// <paramref name="visited"/>, which it completes.
    /// </summary>
    private IEnumerable<List<Step>> FindCycles(long startRowId, long memberId, HashSet<long> visited)
    {
        if (!visited.Add(startRowId))
            yield break;
        var path = new Stack<Step>([new(startRowId, Ordinal: -1)]);
        var rowIdsOnPath = new HashSet<long> { startRowId };
        while (path.TryPop(out var step))
        {
            if (statements.QueryFirst(NextReferenceSql, step.RowId, memberId, step.Ordinal)
                is not [{ Number: var ordinal }, { Number: var targetRowId }])
            {
                rowIdsOnPath.Remove(step.RowId);
                continue;
            }
            path.Push(step with { Ordinal = ordinal });
            // A reference to the record itself is reported when it is written.
            if (rowIdsOnPath.Contains(targetRowId) && targetRowId != step.RowId)
                yield return [.. path.Reverse().SkipWhile(earlier => earlier.RowId != targetRowId)];
            else if (visited.Add(targetRowId))
            {
                path.Push(new(targetRowId, Ordinal: -1));
                rowIdsOnPath.Add(targetRowId);
            }
        }
    }

    /// <summary>Reports a cycle at its first record that the transaction wrote. A cycle without such a record was stored before.</summary>
    private async Task Report(List<Step> cycle, long memberId, HashSet<long> writtenRowIds)
    {
        var first = cycle.FindIndex(step => writtenRowIds.Contains(step.RowId));
        if (first < 0)
            return;
        cycle = [.. cycle[first..], .. cycle[..(first + 1)]];
        var ids = new List<string>();
        foreach (var step in cycle.Take(MaxListedIds))
            ids.Add(await connection.QuerySingleAsync<string>("SELECT id FROM record WHERE row_id = @RowId", step));
        if (cycle.Count > MaxListedIds)
            ids.Add("…");
        var (type, name) = await connection.QuerySingleAsync<(string, string)>(
            "SELECT type, name FROM member WHERE member_id = @memberId", new { memberId });
        violations.Add(new("reference_cycle", type, ids[0], new ReferenceLocation(type, ids[0], name, (int)cycle[0].Ordinal).Pointer,
            string.Join(" → ", ids)));
    }

    /// <summary>A record on the path of the search and the ordinal of the reference that was followed from it.</summary>
    private sealed record Step(long RowId, long Ordinal);
}
