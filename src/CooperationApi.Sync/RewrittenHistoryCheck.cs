using System.Globalization;
using System.Text;
using System.Text.Json;
using CooperationApi.Client;
using CooperationApi.Contracts;

namespace CooperationApi.Sync;

/// <summary>
/// Compares intact records of the copy with the history of the service. A revision never changes, so different content of one revision
/// means that the history was rewritten. Both versions are then saved in a file beside the copy.
/// </summary>
internal sealed class RewrittenHistoryCheck(CooperationClient client, string path, ProgressReporter reporter)
{
    // A service that rewrote more records is reported with the first of them.
    private const int MaxContradictions = 1000;

    private readonly string evidencePath = path + ".contradicted";

    /// <summary>
    /// Checks rows of the copy that differ from those of the service. Throws <see cref="RewrittenHistoryException"/>. A damaged row, and a
    /// row with an outdated revision that the service confirms, are not contradictions.
    /// </summary>
    public async Task Check(ReplicaDatabase replica, IEnumerable<RowDifference> differences, CancellationToken cancel)
    {
        var contradictions = new List<Contradiction>();
        foreach (var difference in differences)
        {
            if (contradictions.Count < MaxContradictions && await FindContradiction(replica, difference, cancel) is { } contradiction)
                contradictions.Add(contradiction);
        }
        Report(contradictions);
    }

    /// <summary>Checks the copy against a new copy that is to replace it. Throws <see cref="RewrittenHistoryException"/>.</summary>
    public void CheckReplacement(string newPath)
    {
        if (!File.Exists(path))
            return;
        using var newCopy = ReplicaDatabase.Open(newPath);
        Report([.. newCopy.FindContradictions(path).Take(MaxContradictions)]);
    }

    private async Task<Contradiction?> FindContradiction(ReplicaDatabase replica, RowDifference difference, CancellationToken cancel)
    {
        if (difference.Copy is not { } row || replica.FindIntactData(row.Type, row.Id) is not { } copyData)
            return null;
        var hasSameRevision = difference.Service?.Revision == row.Revision;
        string? serviceData;
        try
        {
            serviceData = await FindVersion(row, cancel);
        }
        catch (Exception error) when (hasSameRevision && error is CooperationProblemException or HttpRequestException)
        {
            // The hash in the digest is sufficient for the report.
            serviceData = null;
        }
        catch (CooperationProblemException problem) when (problem.Status == 410)
        {
            // The record was removed, or the service no longer has this revision.
            return null;
        }
        catch (CooperationProblemException problem) when (problem.Status == 404)
        {
            serviceData = null;
        }
        var serviceHash = hasSameRevision
            ? difference.Service!.Hash
            : serviceData is null ? null : ReplicaDatabase.ComputeHash(serviceData);
        return serviceHash == row.Hash ? null : new(row.Type, row.Id, row.Revision, row.Hash, serviceHash, copyData, serviceData);
    }

    /// <summary>
    /// Returns the JSON of a revision of a record in the service; null if the service returns an earlier revision, or another record into
    /// which this one was merged before.
    /// </summary>
    private async Task<string?> FindVersion(RecordDigest row, CancellationToken cancel)
    {
        var data = await client.GetAsync<JsonElement>($"/v1/{row.Type}/{Uri.EscapeDataString(row.Id)}",
            [("revision", row.Revision.ToString(CultureInfo.InvariantCulture))], cancel);
        return data.GetProperty("id").GetString() == row.Id && data.GetProperty("revision").GetInt64() == row.Revision
            ? data.GetRawText()
            : null;
    }

    private void Report(List<Contradiction> contradictions)
    {
        if (contradictions.Count == 0)
            return;
        foreach (var (type, id, revision, copyHash, serviceHash, _, _) in contradictions)
        {
            reporter.ReportEvent("contradicted",
                $"{type}/{id}, revision {revision}: SHA-256 {copyHash} in the copy, {serviceHash ?? "no such revision"} in the service.",
                ("type", type), ("id", id), ("revision", revision), ("copyHash", copyHash), ("serviceHash", serviceHash));
        }
        SaveEvidence(contradictions);
        throw new RewrittenHistoryException(
            "The service rewrote its history: it has other content for the same revisions of intact records of the copy. Contradicted "
            + $"records: {contradictions.Count}. The tool repaired and replaced nothing. Both versions are in '{evidencePath}'. Ask the "
            + "operator of the service which version is true.");
    }

    /// <summary>Appends the contradictions that the file does not have yet, one JSON object per line.</summary>
    private void SaveEvidence(List<Contradiction> contradictions)
    {
        var saved = File.Exists(evidencePath) ? File.ReadAllLines(evidencePath) : [];
        File.AppendAllLines(evidencePath,
            contradictions.Select(contradiction => JsonSerializer.Serialize(contradiction, ApiJson.Options)).Except(saved),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
