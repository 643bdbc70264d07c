using System.Data.Common;
using CooperationApi.Contracts;
using CooperationApi.Formats;
using CooperationApi.Http;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using CooperationApi.Text;
using Dapper;

namespace CooperationApi.Features.Citations;

/// <summary>Reads the citations of a source with their records, for the API, the pages and the command `verify`.</summary>
internal sealed class SourceCitationReader(Database database, ResourceCatalog catalog)
{
    private const string CitingSql =
        """
        reference.target_row_id = (SELECT record.row_id FROM record WHERE record.type = 'sources' AND record.id = @sourceId)
        AND reference.member_id IN (SELECT member.member_id FROM member WHERE member.name = 'citations[].sourceId')
        """;

    private const string CountSql = $"SELECT count(*) FROM reference WHERE {CitingSql}";

    private const string RowsSql =
        $"""
        SELECT member.type, reference.row_id, reference.ordinal, record.id, record.hash, CAST(record.body AS BLOB) AS body,
            text_directive.directive
        FROM member CROSS JOIN reference CROSS JOIN record
        LEFT JOIN text_directive ON text_directive.row_id = reference.row_id AND text_directive.ordinal = reference.ordinal
        WHERE {CitingSql} AND reference.member_id = member.member_id AND record.row_id = reference.row_id
        """;

    private const string OrderSql = "ORDER BY member.type, reference.row_id, reference.ordinal";

    /// <summary>Returns the position after which the page starts; null if the cursor is missing or invalid.</summary>
    public (string Type, long RowId, long Ordinal)? ReadCursor(QueryValues values, string sourceId) =>
        PageParameters.Cursor.Read<(string Type, long RowId, long Ordinal)>(values, CreateCursorScope(sourceId),
            position => catalog.Types.Contains(position.Type) && position.RowId > 0 && position.Ordinal is >= 0 and <= int.MaxValue);

    /// <summary>Reads a page of the citations of a source. Throws 404 if the source does not exist.</summary>
    public async Task<Page<SourceCitation>> ReadPage(DbConnection connection, string sourceId, int limit,
        (string Type, long RowId, long Ordinal)? startAfter, bool includeTotal, CancellationToken cancel)
    {
        var url = await FindUrl(connection, sourceId);
        var parameters = new DynamicParameters(new { sourceId, rows = limit + 1 });
        var afterSql = "";
        if (startAfter is var (type, rowId, ordinal))
        {
            afterSql = "AND (member.type, reference.row_id, reference.ordinal) > (@type, @rowId, @ordinal)";
            parameters.AddDynamicParams(new { type, rowId, ordinal });
        }
        var rows = (await connection.QueryAsync<CitingRow>($"{RowsSql} {afterSql} {OrderSql} LIMIT @rows", parameters)).AsList();
        var page = rows.Take(limit).ToList();
        return new()
        {
            Items = [.. page.WithCancellation(cancel).Select(row => ToSourceCitation(row, url))],
            Next = rows.Count > limit
                ? PageCursor.Encode(CreateCursorScope(sourceId), page[^1].Type, page[^1].RowId, page[^1].Ordinal)
                : null,
            Revision = (await Database.ReadVersion(connection)).Revision,
            Total = includeTotal ? await connection.QuerySingleAsync<long>(CountSql, new { sourceId }) : null,
        };
    }

    /// <summary>
    /// Passes each citation of a source to <paramref name="visit"/>, with the row id of its record, in one read transaction. Throws 404 if
    /// the source does not exist.
    /// </summary>
    public Task VisitAll(string sourceId, Action<long, SourceCitation> visit, CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var url = await FindUrl(connection, sourceId);
            await foreach (var row in connection.StreamAsync<CitingRow>($"{RowsSql} {OrderSql}", new { sourceId }))
                visit(row.RowId, ToSourceCitation(row, url));
            return true;
        }, cancel);

    /// <summary>Streams all citations of a source in one read transaction, one row at a time.</summary>
    public Task<long> ReadAll(string sourceId, Func<SourceCitation, JsonRow> createRow, Func<RowStream, Task> consume,
        CancellationToken cancel) =>
        database.Read(async connection =>
        {
            var url = await FindUrl(connection, sourceId);
            var count = await connection.QuerySingleAsync<long>(CountSql, new { sourceId });
            var rows = connection.StreamAsync<CitingRow>($"{RowsSql} {OrderSql}", new { sourceId });
            await consume(new((await Database.ReadVersion(connection)).Token, count,
                rows.Select(row => createRow(ToSourceCitation(row, url)))));
            return count;
        }, cancel);

    private static string CreateCursorScope(string sourceId) => $"citations\n{sourceId}";

    /// <summary>
    /// Returns the URL of a source; null if it has none. Throws 404 if the source does not exist, and 410 if it was removed.
    /// </summary>
    private async Task<string?> FindUrl(DbConnection connection, string sourceId) =>
        await Database.FindRecord(connection, ResourceTypes.Sources, sourceId) is { } record
            ? ((Source)catalog[ResourceTypes.Sources].Deserialize(record.Body)).Url
            : throw await Tombstone.CreateProblem(connection, ResourceTypes.Sources, sourceId);

    private SourceCitation ToSourceCitation(CitingRow row, string? sourceUrl)
    {
        var resource = catalog[row.Type];
        var record = resource.Deserialize(RecordHash.Verify(row.Id, row.Body, row.Hash));
        var citation = ((CitedRecord)record).Citations[row.Ordinal];
        return new()
        {
            Type = row.Type,
            Id = row.Id,
            Title = resource.GetTitle(record),
            Ordinal = row.Ordinal,
            Citation = citation,
            Link = TextDirective.CreateLink(sourceUrl, citation.Quote, row.Directive),
        };
    }

    /// <summary>A reference to a source from a citation, with its record.</summary>
    [method: ExplicitConstructor]
    private sealed record CitingRow(string Type, long RowId, int Ordinal, string Id, string Hash, byte[] Body,
        string? Directive);
}
