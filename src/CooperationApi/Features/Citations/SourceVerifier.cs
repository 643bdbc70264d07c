using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources;

namespace CooperationApi.Features.Citations;

/// <summary>Verifies a source record and its citations against the source text.</summary>
internal sealed class SourceVerifier(RecordQueries queries, SourceCitationEndpoints citations, ResourceCatalog catalog)
{
    /// <summary>Verifies hash, length and all quotes, and reports each mismatch. Returns true if there is none.</summary>
    public async Task<bool> Verify(string sourceId, string textPath, TextWriter report, CancellationToken cancel)
    {
        if (await queries.Find(catalog[ResourceTypes.Sources], sourceId, expansion: null, cancel) is not { } record)
        {
            report.WriteLine($"Source '{sourceId}' does not exist.");
            return false;
        }
        var source = (Source)catalog[ResourceTypes.Sources].Deserialize(record.Body);
        var text = SourceText.Decode(await File.ReadAllBytesAsync(textPath, cancel));
        var failures = 0;
        void ReportUnless(bool isValid, string failure)
        {
            if (isValid)
                return;
            failures++;
            report.WriteLine(failure);
        }
        ReportUnless(source.Sha256 is null || source.Sha256 == text.Sha256,
            $"sha256: the record has {source.Sha256}, the text has {text.Sha256}");
        ReportUnless(source.Length is null || source.Length == text.Length,
            $"length: the record has {source.Length}, the text has {text.Length}");
        var quoteCount = 0;
        await citations.VisitAll(sourceId, (_, citation) =>
        {
            if (citation.Citation.Quote is null)
                return;
            quoteCount++;
            ReportUnless(text.Contains(citation.Citation, out var actualText),
                $"{citation.Type}/{citation.Id} citations[{citation.Ordinal}]: the text at "
                + $"{citation.Citation.Start}-{citation.Citation.End} is “{actualText}”, the quote is “{citation.Citation.Quote}”");
        }, cancel);
        report.WriteLine(failures == 0
            ? $"{sourceId}: hash, length and all {quoteCount} quotes match."
            : $"{sourceId}: {failures} mismatch(es) in hash, length and {quoteCount} quotes.");
        return failures == 0;
    }
}
