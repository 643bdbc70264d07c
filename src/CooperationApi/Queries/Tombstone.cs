using System.Data.Common;
using System.Globalization;
using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using CooperationApi.Text;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>The trace of a deleted, merged or redacted record: the change, its transaction, the time, the actor and the reason.</summary>
/// <param name="Revision">The revision of the removal.</param>
/// <param name="TransactionStart">The first revision of its transaction.</param>
/// <param name="DeletedAt">The time.</param>
/// <param name="Actor">The caller who removed the record.</param>
/// <param name="Reason">The reason: `deleted`, `merged` or `redacted`.</param>
/// <param name="MergedInto">The id of the record into which the record was merged.</param>
/// <param name="RedactionReason">The reason for the redaction, as text.</param>
internal sealed record Tombstone(long Revision, long TransactionStart, string DeletedAt, string Actor, string Reason, string? MergedInto,
    string? RedactionReason)
{
    private const string Columns = "revision, transaction_start, changed_at AS deleted_at, actor, reason, merged_into, redaction_reason";

    private DateTimeOffset Time => DateTimeOffset.Parse(DeletedAt, CultureInfo.InvariantCulture);

    /// <summary>True if the id cannot be used again.</summary>
    public bool IsPermanent => Reason != "deleted";

    /// <summary>Finds the last removal of a record up to a revision; null if there is none.</summary>
    public static Task<Tombstone?> Find(DbConnection connection, string type, string id, long maxRevision = long.MaxValue) =>
        connection.QuerySingleOrDefaultAsync<Tombstone>(
            $"SELECT {Columns} FROM change WHERE type = @type AND id = @id AND op = 'remove' AND revision <= @maxRevision ORDER BY "
            + $"revision DESC LIMIT 1", new { type, id, maxRevision });

    /// <summary>
    /// Returns the problem for a missing record: 410 if it was deleted; 404 if it never existed, with a suggestion if one id is close.
    /// </summary>
    public static async Task<ProblemException> CreateProblem(DbConnection connection, string type, string id) =>
        (await Find(connection, type, id))?.ToProblem(type, id) ?? new ProblemException(404, "record_not_found", type, id)
        {
            Suggestion = ClosestMatch.Find(id, await SimilarIds.Find(connection, type, Slug.FromText(id) ?? id)),
        };

    /// <summary>Returns the problem for the deleted record: 410.</summary>
    public ProblemException ToProblem(string type, string id) => Reason switch
    {
        "merged" => new(410, "record_merged", type, id, Time, MergedInto!),
        "redacted" => new(410, "record_redacted", type, id, Time, RedactionReason!),
        _ => new(410, "record_deleted", type, id, Time, Reason),
    };
}
