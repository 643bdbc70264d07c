using System.Data.Common;
using CooperationApi.Http.Problems;
using Dapper;

namespace CooperationApi.Queries;

/// <summary>That a record was taken out: by which change of which transaction, when, and why.</summary>
internal sealed record Tombstone
{
    private const string Columns = "seq AS revision, transaction_start, at AS deleted_at, actor, reason, into_id AS merged_into, note AS redaction_reason";

    public required long Revision { get; init; }

    public required long TransactionStart { get; init; }

    public required string DeletedAt { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    /// <summary>The record that it was merged into.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Why it was redacted, in words.</summary>
    public string? RedactionReason { get; init; }

    /// <summary>Whether its id never comes back.</summary>
    public bool IsPermanent => Reason != "deleted";

    /// <summary>The last time that a record was taken out, up to a number where one is given; null if it never was.</summary>
    public static Task<Tombstone?> Find(DbConnection connection, string type, string id, long maxRevision = long.MaxValue) => connection.QuerySingleOrDefaultAsync<Tombstone>(
        $"SELECT {Columns} FROM change WHERE type = @type AND id = @id AND op = 'remove' AND seq <= @maxRevision ORDER BY seq DESC LIMIT 1", new { type, id, maxRevision });

    /// <summary>The answer to who asks for a record that isn't there: 410 if it was taken out, 404 if it never was.</summary>
    public static ProblemException NotFoundOrGone(Tombstone? tombstone, string type, string id) => tombstone?.ToProblem(type, id) ?? new(404, "record_not_found", type, id);

    /// <summary>The answer to who asks for it: 410.</summary>
    public ProblemException ToProblem(string type, string id) => Reason switch
    {
        "merged" => new(410, "record_merged", type, id, DeletedAt, MergedInto!),
        "redacted" => new(410, "record_redacted", type, id, DeletedAt, RedactionReason!),
        _ => new(410, "record_deleted", type, id, DeletedAt, Reason),
    };
}
