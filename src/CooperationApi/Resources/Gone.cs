using System.Data.Common;
using CooperationApi.Faults;
using Dapper;

namespace CooperationApi.Resources;

/// <summary>That a record was taken out: by which change of which transaction, when, and why.</summary>
internal sealed record Gone
{
    private const string Columns = "seq AS revision, transaction_start, at, actor, reason, into_id AS \"into\", note";

    public required long Revision { get; init; }

    public required long TransactionStart { get; init; }

    public required string At { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    /// <summary>The record that it was merged into.</summary>
    public string? Into { get; init; }

    /// <summary>Why it was redacted, in words.</summary>
    public string? Note { get; init; }

    /// <summary>Whether its id never comes back.</summary>
    public bool IsForGood => Reason != "deleted";

    /// <summary>The last time that a record was taken out, up to a number where one is given; null if it never was.</summary>
    public static Task<Gone?> Of(DbConnection connection, string type, string id, long upTo = long.MaxValue) => connection.QuerySingleOrDefaultAsync<Gone>(
        $"SELECT {Columns} FROM change WHERE type = @type AND id = @id AND op = 'remove' AND seq <= @upTo ORDER BY seq DESC LIMIT 1", new { type, id, upTo });

    /// <summary>The answer to who asks for a record that isn't there: 410 if it was taken out, 404 if it never was.</summary>
    public static ProblemException Absence(Gone? gone, string type, string id) => gone?.Problem(type, id) ?? new(404, "record_not_found", type, id);

    /// <summary>The answer to who asks for it: 410.</summary>
    public ProblemException Problem(string type, string id) => Reason switch
    {
        "merged" => new(410, "record_merged", type, id, At, Into!),
        "redacted" => new(410, "record_redacted", type, id, At, Note!),
        _ => new(410, "record_removed", type, id, At, Reason),
    };
}
