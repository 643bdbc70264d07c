using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Resources.Validation;
using CooperationApi.Storage;
using CooperationApi.Storage.Writing;
using Dapper;

namespace CooperationApi.Features.Records;

/// <summary>
/// `POST /v1/{type}/{recordId}/merge-into/{targetId}`: merges a duplicate record into another in one transaction. All references to the
/// merged record change to the target, and the merged record is deleted.
/// </summary>
internal sealed class MergeEndpoints(Database database, ResourceCatalog catalog, SeedData seedData)
{
    private const string TargetId = "targetId";

    // Rows of `reference` per query, and errors per problem document.
    private const int BatchSize = 500, MaxReported = 100;

    /// <summary>Describes the route of a resource.</summary>
    public OperationDescription Describe(Resource resource) =>
        new($"merge{OperationDescription.ToPascalCase(resource.Singular)}", resource.Type,
            $"Merge {EnglishNoun.WithArticle(resource.Singular)} into another.",
            "Replaces all references to the record with references to the target and deletes the record, in one transaction. Each "
            + "referring record gets a new revision. If such a record would become invalid, the response is 409 and nothing changes. The "
            + "merge also removes list elements that become duplicates, and references from the target to itself. The URL of the merged "
            + "record then redirects to the target (308), its history remains, and its id cannot be reused. The content of the merged "
            + "record is not copied to the target; update the target before the merge. A key that is restricted to provinces must be "
            + "allowed to write every changed record. A repeated request returns the same response.")
        {
            ResponseType = typeof(MergeReport),
            Example = ("MergeReport",
                () => new JsonObject
                {
                    ["type"] = "officials",
                    ["id"] = "nguyen-van-b",
                    ["into"] = "nguyen-van-a",
                    ["referencesUpdated"] = 3,
                    ["revision"] = 504,
                }),
            GetParameters = () => WriteParameters.All,
            PathParameters =
            [
                PathParameter.RecordId(resource.RemovalExample),
                new(TargetId, "The id of the record, of the same type, into which the record is merged.",
                    () => seedData.GetMergeTargetId(resource)),
            ],
            OtherStatuses = [.. resource.IsReferenced ? [409] : Array.Empty<int>(), 410],
            IfMatch = "IfMatchSource",
        };

    /// <summary>Merges a record into another.</summary>
    public async Task<IResult> Merge(HttpContext context, Resource resource)
    {
        var caller = Caller.Find(context)!;
        var isDryRun = WriteParameters.ReadIsDryRun(context.Request);
        var (id, targetId) = (context.GetRecordId(resource.Type), context.GetRecordId(resource.Type, TargetId));
        if (id == targetId)
            throw new ProblemException(400, "merge_with_itself", resource.Type, id);
        var request = new MergeRequest(caller, resource, id, targetId, WritePreconditions.TryRead(context.Request));
        return TypedResults.Json(await Execute(request, commit: !isDryRun, context.RequestAborted), ApiJson.Options);
    }

    /// <summary>The caller, the two records and the preconditions of a merge.</summary>
    private sealed record MergeRequest(Caller Caller, Resource Resource, string Id, string TargetId, WritePreconditions? Preconditions);

    private async Task<MergeReport> Execute(MergeRequest request, bool commit, CancellationToken cancel)
    {
        var (type, id, targetId) = (request.Resource.Type, request.Id, request.TargetId);
        var tombstone = default(Tombstone);
        try
        {
            var result = await database.Write(request.Caller.Name, async writer =>
            {
                var connection = writer.Connection;
                if (await Database.FindRecord(connection, type, id) is not { } stored)
                {
                    tombstone = await Tombstone.Find(connection, type, id) ?? throw await Tombstone.CreateProblem(connection, type, id);
                    if (tombstone.MergedInto != targetId)
                        throw tombstone.ToProblem(type, id);
                    return;
                }
                if (await Database.FindRecord(connection, type, targetId) is not { } target)
                    throw await Tombstone.CreateProblem(connection, type, targetId);
                request.Caller.EnsureCanWriteRecord(request.Resource, stored, change: null);
                request.Caller.EnsureCanWriteRecord(request.Resource, target, change: null);
                request.Preconditions?.EnsureMet(type, id, stored, writer.StartVersion.Epoch);
                await RewriteReferences(writer, request, stored, cancel);
                writer.Apply(request.Resource.ToRemoval(request.Resource.Deserialize(stored.Body), "merged") with { MergedInto = targetId },
                    stored);
            }, cancel, commit);
            return new()
            {
                Type = type,
                Id = id,
                Into = targetId,
                // The transaction has one change per referring record and then the removal, so the difference of the revisions is the
                // number of referring records.
                ReferencesUpdated = tombstone is null ? result.ReplacedCount : (int)(tombstone.Revision - tombstone.TransactionStart),
                Revision = tombstone?.Revision ?? result.Version.Revision,
            };
        }
        catch (ConstraintViolationException violations)
        {
            throw CreateMergeConflict(request, violations.ToProblem().Errors, violations.Count);
        }
    }

    /// <summary>
    /// Rewrites the references of each referring record. Reads <see cref="BatchSize"/> references at a time, which limits memory.
    /// References of earlier batches no longer exist when the next batch is read.
    /// </summary>
    private async Task RewriteReferences(RecordWriter writer, MergeRequest request, StoredRecord stored, CancellationToken cancel)
    {
        var errors = new List<RequestError>();
        for (var (lastMember, rowId) = (0L, 0L); ;)
        {
            var batch = (await writer.Connection.QueryAsync<(long Member, long RowId)>(
                """
                SELECT member_id, row_id FROM reference WHERE target_row_id = @TargetRowId AND (member_id, row_id) > (@lastMember, @rowId)
                ORDER BY member_id, row_id LIMIT @BatchSize
                """, new { TargetRowId = stored.RowId, lastMember, rowId, BatchSize })).AsList();
            // References of the merged record to itself need no rewriting: the record is deleted.
            foreach (var referrer in batch.Select(row => row.RowId).Distinct().Where(referrer => referrer != stored.RowId))
            {
                cancel.ThrowIfCancellationRequested();
                if (await CreateRewrittenRecord(writer.Connection, request, stored.RowId, referrer, errors) is { } upsert
                    && errors.Count == 0)
                    writer.Apply(upsert);
            }
            if (batch.Count < BatchSize || errors.Count >= MaxReported)
                break;
            (lastMember, rowId) = batch[^1];
        }
        if (errors.Count > 0)
            throw CreateMergeConflict(request, errors, errors.Count);
    }

    /// <summary>
    /// Returns a referring record with its references rewritten; null if it no longer refers to the merged record, or if the result is
    /// invalid.
    /// </summary>
    private async Task<RecordUpsert?> CreateRewrittenRecord(DbConnection connection, MergeRequest request, long fromRowId, long rowId,
        List<RequestError> errors)
    {
        var (type, id) =
            await connection.QuerySingleAsync<(string, string)>("SELECT type, id FROM record WHERE row_id = @rowId", new { rowId });
        // Selects all references of the record: with a condition on target_row_id, SQLite would scan all references to the merged record.
        var references = await connection.QueryAsync<(string Member, int Ordinal, long ToRowId)>(
            "SELECT member.name, reference.ordinal, reference.target_row_id FROM reference JOIN member ON member.member_id = "
            + "reference.member_id WHERE reference.row_id = @rowId", new { rowId });
        var (locations, referrer) = (
            references.Where(reference => reference.ToRowId == fromRowId)
                .Select(reference => new ReferenceLocation(type, id, reference.Member, reference.Ordinal)).ToList(), catalog[type]);
        if (locations.Count == 0)
            return null;
        var stored = (await Database.FindRecord(connection, type, id))!;
        var isMergeTarget = type == request.Resource.Type && id == request.TargetId;
        var record = referrer.ParseStrict(
            JsonSerializer.SerializeToElement(ReferenceRewriter.Rewrite(stored.Body, locations, request.TargetId, isMergeTarget)));
        var recordErrors =
            referrer.Validate(record).Select(failure => ValidationRules.ToRequestError(failure) with { Record = $"{type}/{id}" }).ToList();
        errors.AddRange(recordErrors);
        if (recordErrors.Count > 0)
            return null;
        var upsert = referrer.ToUpsert(record);
        request.Caller.EnsureCanWriteRecord(referrer, stored, upsert);
        return upsert;
    }

    private static ProblemException CreateMergeConflict(MergeRequest request, IReadOnlyList<RequestError> errors, long count) =>
        new(409, "merge_conflict", request.Resource.Type, request.Id, request.TargetId)
        {
            Errors = [.. errors.Take(MaxReported)],
            ErrorCount = count,
        };
}
