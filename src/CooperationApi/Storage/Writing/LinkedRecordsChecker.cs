using System.Data.Common;
using Dapper;

namespace CooperationApi.Storage.Writing;

/// <summary>
/// Limits the number of records that symmetric references link, directly or through others. Statistics read each group of linked records
/// as pairs, whose number is the square of the group's size.
/// </summary>
internal sealed class LinkedRecordsChecker(DbConnection connection, ConstraintViolations violations)
{
    private const int MaxLinkedRecords = 20;

    // The written row ids, by the member with the references.
    private readonly Dictionary<long, HashSet<long>> writtenRowIds = [];

    /// <summary>Adds a record with symmetric references in a member.</summary>
    public void Add(long rowId, long memberId)
    {
        if (!writtenRowIds.TryGetValue(memberId, out var rowIds))
            writtenRowIds[memberId] = rowIds = [];
        rowIds.Add(rowId);
    }

    /// <summary>Reports the records of the transaction that belong to a group that is too large.</summary>
    public async Task ReportViolations()
    {
        foreach (var (memberId, rowIds) in writtenRowIds)
        {
            var checkedRowIds = new HashSet<long>();
            foreach (var rowId in rowIds.Where(rowId => !checkedRowIds.Contains(rowId)))
            {
                var group = await FindLinkedRecords(rowId, memberId);
                if (group.Count <= MaxLinkedRecords)
                    checkedRowIds.UnionWith(group);
                else
                    await Report(rowId, memberId);
            }
        }
    }

    /// <summary>Returns the row ids of a group, at most one more than the limit.</summary>
    private async Task<HashSet<long>> FindLinkedRecords(long rowId, long memberId)
    {
        var group = new HashSet<long> { rowId };
        for (var pending = new Queue<long>(group); group.Count <= MaxLinkedRecords && pending.TryDequeue(out var current);)
        {
            var linkedRowIds = await connection.QueryAsync<long>(
                """
                SELECT target_row_id FROM reference WHERE row_id = @current AND member_id = @memberId
                UNION
                SELECT row_id FROM reference WHERE target_row_id = @current AND member_id = @memberId
                LIMIT @limit
                """, new { current, memberId, limit = MaxLinkedRecords + 1 });
            foreach (var linkedRowId in linkedRowIds.Where(group.Add))
                pending.Enqueue(linkedRowId);
        }
        return group;
    }

    private async Task Report(long rowId, long memberId)
    {
        var (type, id, name) = await connection.QuerySingleAsync<(string, string, string)>(
            "SELECT record.type, record.id, member.name FROM record JOIN member ON member.type = record.type "
            + "WHERE record.row_id = @rowId AND member.member_id = @memberId", new { rowId, memberId });
        violations.Add(new("too_many_linked_records", type, id, new ReferenceLocation(type, id, name, 0).Pointer, MaxLinkedRecords));
    }
}
