using CooperationApi.Contracts;
using CooperationApi.Resources;

namespace CooperationApi.Sources;

/// <summary>Checks what the record says of a source against the source's text.</summary>
internal sealed class SourceVerification(ResourceStore store, SourceCitations citations, Catalog catalog)
{
    /// <summary>Checks hash, length and every quote, and names each failure. True when all of it holds.</summary>
    public async Task<bool> Verify(string sourceId, string textPath, TextWriter report, CancellationToken cancel)
    {
        if (await store.Find(catalog["sources"], sourceId, expansion: null, cancel) is not { } stored)
        {
            report.WriteLine($"There is no source '{sourceId}'.");
            return false;
        }
        var source = (Source)catalog["sources"].Read(stored.Body);
        var text = SourceText.Of(await File.ReadAllBytesAsync(textPath, cancel));
        var failures = 0;
        void Check(bool holds, string failure)
        {
            if (holds)
                return;
            failures++;
            report.WriteLine(failure);
        }
        Check(source.Sha256 is null || source.Sha256 == text.Sha256, $"sha256: the record has {source.Sha256}, the text {text.Sha256}");
        Check(source.Length is null || source.Length == text.Length, $"length: the record has {source.Length}, the text {text.Length}");
        var (cited, _, _, _) = await citations.Of(sourceId, after: null, limit: null, total: false, cancel);
        var quoted = cited.Where(citation => citation.Citation.Quote is not null).ToList();
        foreach (var citation in quoted)
        {
            Check(text.Has(citation.Citation, out var instead),
                $"{citation.Type}/{citation.Id} citations[{citation.Ordinal}]: at {citation.Citation.Start}-{citation.Citation.End} stands “{instead}”, not “{citation.Citation.Quote}”");
        }
        report.WriteLine(failures == 0
            ? $"{sourceId}: hash, length and all {quoted.Count} quotes hold."
            : $"{sourceId}: {failures} failure(s) in hash, length and {quoted.Count} quotes.");
        return failures == 0;
    }
}
