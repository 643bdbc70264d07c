using CooperationApi.Jobs;
using CooperationApi.Storage;
using Dapper;

namespace CooperationApi.Features.Citations;

/// <summary>
/// Compares all quotes with the stored texts of their sources, once after each start. Writes check quotes, so a mismatch comes from an
/// earlier version of the program or from a change of the file. Each mismatch is logged; the editors correct the record.
/// </summary>
internal sealed partial class StoredQuoteCheck(
    Database database, SourceCitationReader citations, ILogger<StoredQuoteCheck> logger) : BackgroundJob(logger)
{
    protected override string Name => "Check of stored quotes";

    protected override TimeSpan RetryDelay => TimeSpan.FromMinutes(10);

    protected override async Task Run(CancellationToken cancel)
    {
        var sourceIds = await database.Read(async connection => (await connection.QueryAsync<string>(
            "SELECT source.id FROM source JOIN source_text ON source_text.row_id = source.row_id ORDER BY source.id")).AsList(), cancel);
        foreach (var sourceId in sourceIds)
            await Check(sourceId, cancel);
    }

    protected override Task WaitUntilDue(CancellationToken cancel) => Task.Delay(Timeout.Infinite, cancel);

    private async Task Check(string sourceId, CancellationToken cancel)
    {
        var storedText = await database.Read(connection => connection.QuerySingleOrDefaultAsync<string>(
            "SELECT source_text.text FROM source JOIN source_text ON source_text.row_id = source.row_id WHERE source.id = @sourceId",
            new { sourceId }), cancel);
        if (storedText is null)
            return;
        var text = SourceText.FromText(storedText);
        await citations.VisitAll(sourceId, (_, citation) =>
        {
            if (citation.Citation.Quote is not null && !text.Contains(citation.Citation, out string _))
                LogMismatch(citation.Type, citation.Id, citation.Ordinal, sourceId);
        }, cancel);
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The quote of {Type}/{Id} citations[{Ordinal}] does not match the stored text of source {SourceId}. Correct the record")]
    private partial void LogMismatch(string type, string id, int ordinal, string sourceId);
}
