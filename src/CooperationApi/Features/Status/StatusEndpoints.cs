using System.Data.Common;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Features.Changes;
using CooperationApi.Features.Exports;
using CooperationApi.Http;
using CooperationApi.Http.Problems;
using CooperationApi.Queries;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Status;

/// <summary>`/v1/status` for integrators.</summary>
internal sealed class StatusEndpoints(Database database, ExportDirectory exportDirectory, FeedSelfCheck selfCheck, ResourceCatalog catalog,
    SeedData seedData)
{
    private readonly FeedFilter unfilteredFeed = new(catalog, [], provinceId: null);

    // The members that depend only on the store, computed once per store version.
    private CachedStatus? cachedStatus;

    private ReadResponse? lastResponse;

    /// <summary>Describes the route.</summary>
    public OperationDescription DescribeStatus() => new("getStatus", "status", "Get the status of the service.",
        "Returns the epoch and the last revision of the store, the oldest usable feed cursor, the latest export, the last self-check and "
        + "the number of records per type. Check the status before you update a copy.")
    {
        ResponseType = typeof(ServiceStatus),
        Example = ("ServiceStatus", () => new JsonObject
        {
            ["apiVersion"] = StandardHeaders.ApiVersion,
            ["epoch"] = "5f0c2b9a41d7",
            ["revision"] = 203,
            ["changedAt"] = "2026-11-22T08:00:00.000Z",
            ["oldestCursor"] = PageCursor.Encode("changes\n\n", "5f0c2b9a41d7", 0L, 0L, 0L),
            ["lastExport"] = new JsonObject { ["id"] = "5f0c2b9a41d7-203", ["revision"] = 203, ["at"] = "2026-11-22T18:30:00.000Z" },
            ["selfCheck"] = new JsonObject { ["at"] = "2026-11-23T07:00:00.000Z", ["revision"] = 203, ["passed"] = true },
            ["records"] = new JsonObject(catalog.Types.Select(type => KeyValuePair.Create(type, (JsonNode?)seedData.CountRecords(type)))),
            ["sources"] = new JsonArray(new JsonObject
            {
                ["id"] = seedData.GetExample(catalog["sources"])?["id"]!.GetValue<string>() ?? "bai-bao",
                ["revision"] = 203,
                ["changedAt"] = "2026-11-22T08:00:00.000Z",
            }),
        }),
    };

    /// <summary>Returns the status of the service.</summary>
    public async Task<ReadResponse> GetStatus(HttpContext context)
    {
        QueryValues.RejectAll(context.Request);
        var stored = cachedStatus is { } cached && cached.VersionToken == database.Version.Token
            ? cached
            : await database.Read(connection => ReadStoreStatus(connection), context.RequestAborted);
        var (export, report) = (await FindLatestExport(context.RequestAborted), selfCheck.LastReport);
        var tag = $"{stored.VersionToken}-{export?.Id}-{string.Concat((report?.At ?? "").Where(char.IsAsciiDigit))}";
        if (lastResponse is { } last && last.Tag == tag)
            return last;
        return lastResponse = ReadResponse.FromJson(tag, stored.Status with
        {
            LastExport = export is null ? null : new() { Id = export.Id, Revision = export.Revision, At = export.At },
            SelfCheck = report,
        });
    }

    // The status is available while the exports are not.
    private async Task<ExportManifest?> FindLatestExport(CancellationToken cancel)
    {
        try
        {
            return await exportDirectory.FindLatest(cancel);
        }
        catch (ProblemException problem) when (problem.Code == ExportDirectory.UnusableDirectory)
        {
            return null;
        }
    }

    private async Task<CachedStatus> ReadStoreStatus(DbConnection connection)
    {
        var version = await Database.ReadVersion(connection);
        var counts =
            (await connection.QueryAsync<(string Type, long Count)>("SELECT type, count(*) FROM record GROUP BY type")).ToDictionary();
        var status = new ServiceStatus
        {
            ApiVersion = StandardHeaders.ApiVersion,
            Epoch = version.Epoch,
            Revision = version.Revision,
            ChangedAt = await connection.QuerySingleOrDefaultAsync<string>("SELECT changed_at FROM change ORDER BY revision DESC LIMIT 1"),
            OldestCursor = new FeedCursor(version.Epoch, version.CompactedThrough).Encode(unfilteredFeed),
            Records = catalog.Types.ToDictionary(type => type, type => counts.GetValueOrDefault(type)),
            Sources = (await connection.QueryAsync<SourceFreshness>(
                """
                SELECT latest.id, latest.revision, change.changed_at AS changedAt
                FROM
                (
                    SELECT source.id, max(recent.revision) AS revision
                    FROM (SELECT revision, type, id FROM change ORDER BY revision DESC LIMIT 1000) recent
                    CROSS JOIN record CROSS JOIN reference CROSS JOIN record source
                    WHERE record.type = recent.type AND record.id = recent.id AND reference.row_id = record.row_id
                    AND source.row_id = reference.target_row_id AND source.type = 'sources'
                    GROUP BY source.id
                ) latest
                JOIN change ON change.revision = latest.revision
                ORDER BY latest.revision DESC, latest.id
                """)).AsList(),
        };
        return cachedStatus = new(version.Token, status);
    }

    private sealed record CachedStatus(string VersionToken, ServiceStatus Status);
}
