using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using CooperationApi.Access;
using CooperationApi.Contracts;
using CooperationApi.Editing;
using CooperationApi.Faults;
using CooperationApi.Http;
using CooperationApi.Resources;
using CooperationApi.Storage;
using Dapper;
using Microsoft.OpenApi;

namespace CooperationApi.Sources;

/// <summary>`PUT /v1/sources/{id}/text`: gives the text of a source to be kept, so that quotes are checked where they come in. It is never sent to anybody.</summary>
internal sealed class SourceTexts(Database database, SourceCitations citations, Callers callers, Catalog catalog)
{
    private const string Type = "sources", TextType = "text/plain";
    private const int MostBytes = 10_000_000, CitationsAtOnce = 1000;

    private readonly Resource sources = catalog[Type];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder v1)
    {
        var texts = v1.ServiceProvider.GetRequiredService<SourceTexts>();
        var content = v1.ServiceProvider.GetRequiredService<FoundingContent>();
        v1.MapWrite(HttpMethod.Put, "sources/{id}/text", texts.Put, () => new("putSourceText", Type, "Gives the text of a source.",
            "The text is kept, in Unicode normalisation form C, and from then on every quote of the source must stand where its citation says. It is published nowhere: not "
            + "by reading, not by search. The record's `sha256` and `length` become the text's, or if it has them already, must be. A text in which a quote that was made "
            + "before doesn't stand is not taken: 409 lists them.")
        {
            Method = HttpMethod.Put,
            Answer = typeof(Source),
            Example = (nameof(Source), () => content.Example(texts.sources)),
            OtherBodies = new Dictionary<string, OpenApiMediaType>
            {
                [TextType] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", MinLength = 1, MaxLength = MostBytes },
                    Example = "Sáng 26/10, tại Hà Nội, …",
                },
            },
            PathId = texts.sources.Example,
            IsItem = true,
            Refusals = [409, 410],
            Needs = Role.Editor,
        }, MostBytes);
    }

    private async Task Put(HttpContext context)
    {
        var by = callers.Require(context, Role.Editor);
        Answers.DemandJson(context.Request);
        StrictQuery.DemandNone(context.Request);
        var id = ResourceEndpoints.Id(context);
        if (!Slug.IsSlug(id))
            throw new ProblemException(404, "record_not_found", Type, id);
        var text = await Read(context);
        var written = await database.Write(by.Name, connection => Keep(connection, by, id, text, context.RequestAborted), context.RequestAborted);
        await WrittenRecord.Answer(context, Type, id, isDryRun: false, written);
    }

    private static async Task<SourceText> Read(HttpContext context)
    {
        var bytes = new MemoryStream();
        await Body.Open(context, TextType).CopyToAsync(bytes, context.RequestAborted);
        try
        {
            var text = SourceText.Of(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            // Databases end texts at a NUL.
            return text.Length > 0 && !text.Text.Contains('\0', StringComparison.Ordinal) ? text : throw ProblemException.Invalid([new("text_unreadable") { Pointer = "" }]);
        }
        catch (DecoderFallbackException)
        {
            throw ProblemException.Invalid([new("text_unreadable") { Pointer = "" }]);
        }
    }

    private async IAsyncEnumerable<Receipt> Keep(DbConnection connection, Caller by, string id, SourceText text, [EnumeratorCancellation] CancellationToken cancel)
    {
        var standing = await Database.StandingOf(connection, Type, id)
            ?? throw Gone.Absence(await Gone.Of(connection, Type, id), Type, id);
        var source = (Source)sources.Read(standing.Body);
        var isHeld = await connection.QuerySingleOrDefaultAsync<long?>("SELECT number FROM source_text WHERE number = @Number", new { standing.Number }) is not null;
        // What the record says of a text that nobody has given yet is what the text has to prove.
        if (!isHeld && (source.Sha256 ?? text.Sha256, source.Length ?? text.Length) != (text.Sha256, text.Length))
            throw ProblemException.Invalid([new("text_is_another", text.Sha256, text.Length, source.Sha256 ?? "", source.Length ?? 0) { Pointer = "" }]);
        var changed = sources.Change(source with { Sha256 = text.Sha256, Length = text.Length });
        by.Demand(sources, standing, changed);
        await CheckQuotes(id, text, cancel);
        await connection.ExecuteAsync(
            """
            INSERT INTO source_text (number, sha256, length, text) VALUES (@Number, @Sha256, @Length, @Text)
            ON CONFLICT (number) DO UPDATE SET sha256 = excluded.sha256, length = excluded.length, text = excluded.text
            """, new { standing.Number, text.Sha256, text.Length, text.Text });
        yield return changed;
    }

    /// <summary>Refuses a text in which quotes don't stand that were made before it was held.</summary>
    private async Task CheckQuotes(string id, SourceText text, CancellationToken cancel)
    {
        var off = new FaultList();
        object[]? after = null;
        do
        {
            (var cited, after, _, _) = await citations.Of(id, after, CitationsAtOnce, total: false, cancel);
            foreach (var citation in cited.Where(citation => citation.Citation.Quote is not null))
            {
                if (text.Has(citation.Citation, out var instead))
                    continue;
                off.Add(new("quote_differs", citation.Citation.Start!, citation.Citation.End!, instead)
                {
                    Record = $"{citation.Type}/{citation.Id}",
                    Pointer = $"/citations/{citation.Ordinal}/quote",
                });
            }
        }
        while (after is not null);
        if (off.Count > 0)
            throw new ProblemException(409, "quotes_differ", Type, id, off.Count) { Faults = off.First, FaultCount = off.Count };
    }
}
