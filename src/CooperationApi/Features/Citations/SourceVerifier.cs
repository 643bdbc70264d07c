using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources;

namespace CooperationApi.Features.Citations;

/// <summary>Verifies a source record and its citations against the source text.</summary>
internal sealed class SourceVerifier(RecordQueries queries, SourceCitationReader citations, ResourceCatalog catalog)
{
    /// <summary>
    /// Verifies each text file of a folder against the source of its name. Returns true if there is a text and no mismatch.
    /// </summary>
    public async Task<bool> VerifyAll(DirectoryInfo folder, TextWriter report, CancellationToken cancel)
    {
        var files = folder.GetFiles("*.txt").OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        var failures = 0;
        foreach (var file in files)
        {
            if (!await Verify(Path.GetFileNameWithoutExtension(file.Name), file.FullName, report, cancel))
                failures++;
        }
        report.WriteLine($"{files.Count} text(s), {failures} with mismatches.");
        return files.Count > 0 && failures == 0;
    }

    /// <summary>Verifies hash, length and all quotes, and reports each mismatch. Returns true if there is none.</summary>
    public async Task<bool> Verify(string sourceId, string textPath, TextWriter report, CancellationToken cancel)
    {
        if (await queries.Find(catalog[ResourceTypes.Sources], sourceId, expansion: null, cancel) is not { } record)
        {
            report.WriteLine($"Source '{sourceId}' does not exist.");
            return false;
        }
        SourceText text;
        try
        {
            text = SourceText.Decode(await File.ReadAllBytesAsync(textPath, cancel));
        }
        catch (DecoderFallbackException)
        {
            report.WriteLine($"{sourceId}: the text is not valid UTF-8.");
            return false;
        }
        var source = (Source)catalog[ResourceTypes.Sources].Deserialize(record.Body);
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
